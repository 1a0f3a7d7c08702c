/** Who looks at this page: a member, or a guest. The session itself is a cookie that scripts cannot read. */
import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { accountId, api, Refused, service, type Community, type Me } from './api'
import { earlyAnswer } from './first'
import { queries } from './client'
import { keeping } from './kept'
import { remember, remembered } from './storage'

export const inWeChat = /MicroMessenger/i.test(navigator.userAgent)

async function askMe(): Promise<Me | null> {
  try {
    const me = await keeping<Me | null>('me', () => api.get('/community/{account_id}/me'))
    remember(`member.${accountId}`, me?.member_id ?? null)
    return me
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 401) {
      remember(`member.${accountId}`, null)
      return null
    }
    throw error
  }
}

export function useMe() {
  const query = useQuery({ queryKey: ['me'], queryFn: askMe, staleTime: 60_000 })
  const me = computed(() => query.data.value ?? null)
  return { me, known: computed(() => query.data.value !== undefined), query }
}

export function useCommunity() {
  return useQuery({ queryKey: ['community'], queryFn: () => keeping('community', async () => (await earlyAnswer<Community>('community')) ?? api.get('/community/{account_id}')), staleTime: 300_000 })
}

/** The member as last known; null for a guest. */
export const currentMe = (): Me | null => queries.getQueryData<Me | null>(['me']) ?? null
/** Known even before the service answered: whose drafts and unsent posts these are. */
export const memberId = (): string | null => currentMe()?.member_id ?? remembered(`member.${accountId}`)

export function signInAddress(scope: 'snsapi_base' | 'snsapi_userinfo' = 'snsapi_base'): string {
  const landing = encodeURI(decodeURI(location.pathname + location.search)).slice(0, 500)
  return `${service}/oauth/start?${new URLSearchParams({ return_to: landing, scope })}`
}

export const askedToSignIn = ref(false)

/** True for a member; a guest is asked to sign in. Who was a member last time still is one while the service has not answered. */
export function signedIn(): boolean {
  if (queries.getQueryData<Me | null>(['me']) === undefined ? memberId() : currentMe()) return true
  askedToSignIn.value = true
  return false
}

/** Nobody is known to have been here, and the service has not said who is: whoever has just signed in, or a guest. */
const unknown = (): boolean => queries.getQueryData<Me | null>(['me']) === undefined && !memberId()
const toldWho = (): Promise<unknown> => queries.fetchQuery({ queryKey: ['me'], queryFn: askMe }).catch(() => undefined)

/** The same for who can wait until the service has said who looks. */
export async function memberHere(): Promise<boolean> {
  if (unknown()) await toldWho()
  return signedIn()
}

/** Do it if a member looks: within the press itself where that is known, for only then does a phone show its keyboard. */
export function withMember(act: () => void): void {
  if (unknown()) void memberHere().then((member) => member && act())
  else if (signedIn()) act()
}

/** The member, from the service if it has not said yet; a guest is asked to sign in. */
export async function asMember(): Promise<Me | null> {
  if (!(await memberHere())) return null
  const me = currentMe() ?? (await queries.fetchQuery({ queryKey: ['me'], queryFn: askMe, staleTime: 60_000 }))
  if (!me) signedIn()
  return me
}

/** Inside WeChat signing in shows nothing, so it is done at once, but once only per visit. */
export async function enterSilently(): Promise<void> {
  const me = await queries.fetchQuery({ queryKey: ['me'], queryFn: askMe }).catch(() => undefined)
  if (me !== null || !inWeChat || sessionStorage.getItem('guanwei.entered')) return
  sessionStorage.setItem('guanwei.entered', '1')
  location.replace(signInAddress())
}

export function refreshMe(): void {
  void queries.invalidateQueries({ queryKey: ['me'] })
}
