/** Who looks at this page: a member, or a guest. The session itself is a cookie that scripts cannot read. */
import { useQuery } from '@tanstack/vue-query'
import { computed, ref, shallowRef } from 'vue'
import { accountId, api, base, Refused, service, type Community, type Me } from './api'
import { earlyAnswer } from './first'
import { queries } from './client'
import { forgetKept, keeping } from './kept'
import { firstTime, remember, remembered } from './storage'

export const inWeChat = /MicroMessenger/i.test(navigator.userAgent)

const MEMBER = `member.${accountId}`
/** Somebody signed out or left here: nobody is signed in silently until they ask for it. `open`: the service has not heard
 * of it yet, so the session still lasts. */
const LEFT = `left.${accountId}`
const SIGN_OUT_PATIENCE_MS = 4_000

/** What was kept for one member is not for the next one on the same phone. */
async function lookedAtBy(id: string | null): Promise<void> {
  const before = remembered(MEMBER)
  if (before && before !== id) await forgetKept()
  remember(MEMBER, id)
}

async function askMe(): Promise<Me | null> {
  if (remembered(LEFT) === 'open' && !(await endSession())) return null
  try {
    return await keeping<Me>('me', async () => {
      const me = await api.get('/community/{account_id}/me')
      await lookedAtBy(me.member_id)
      remember(LEFT, null)
      return me
    })
  } catch (error) {
    if (!(error instanceof Refused) || ![401, 404].includes(error.problem.status)) throw error
    await lookedAtBy(null)
    // They left on another phone: coming back is theirs to decide.
    if (error.problem.status === 404) remember(LEFT, 'told')
    return null
  }
}

/** Sign out at the service. Without a network it is told later; until then nobody is a member here all the same. */
export async function endSession(): Promise<boolean> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), SIGN_OUT_PATIENCE_MS)
  const told = await api.delete('/community/{account_id}/session', { signal: patience.signal }).then(
    () => true,
    (error: unknown) => error instanceof Refused && error.problem.status === 401,
  )
  clearTimeout(timer)
  leftHere(told)
  return told
}

export function leftHere(told: boolean): void {
  remember(LEFT, told ? 'told' : 'open')
  remember(MEMBER, null)
}

// Every link to WeChat's sign-in is pressed on purpose.
addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest(`a[href^="${service}/oauth/start"]`)) remember(LEFT, null)
})

export function useMe() {
  const query = useQuery({ queryKey: ['me'], queryFn: askMe, staleTime: 60_000 })
  const me = computed(() => query.data.value ?? null)
  return { me, known: computed(() => query.data.value !== undefined), query }
}

const COMMUNITY = {
  queryKey: ['community'],
  queryFn: () => keeping<Community>('community', async () => (await earlyAnswer<Community>('community')) ?? api.get('/community/{account_id}')),
  staleTime: 300_000,
}
export const useCommunity = () => useQuery(COMMUNITY)
/** As last known. */
export const currentCommunity = (): Community | undefined => queries.getQueryData<Community>(COMMUNITY.queryKey)

/** The member as last known; null for a guest. */
export const currentMe = (): Me | null => queries.getQueryData<Me | null>(['me']) ?? null
/** Known even before the service answered: whose drafts and unsent posts these are. */
export const memberId = (): string | null => currentMe()?.member_id ?? remembered(MEMBER)

const LONGEST_LANDING = 500

export function signInAddress(scope: 'snsapi_base' | 'snsapi_userinfo' = 'snsapi_base'): string {
  // A browser's address is encoded already, all but this one sign, which the service takes for an attempt to lead elsewhere.
  const here = (location.pathname + location.search).replaceAll('\\', '%5C')
  const landing = here.length <= LONGEST_LANDING ? here : base
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
  if (unknown()) void memberHere().then((member) => member && followsHere(act) && act())
  else if (signedIn() && followsHere(act)) act()
}

export const FOLLOW_FIRST = 'micro_community.follow_first'
/** What somebody wanted to write when they were shown how to follow the account; it goes on once they do. */
export const askedToFollow = shallowRef<{ goOn?: () => void } | null>(null)

/** False, and how to follow is shown, where only followers write and the member is known not to be one. */
function followsHere(goOn: () => void): boolean {
  if (!currentCommunity()?.follow_first || currentMe()?.follows_account !== false) return true
  askedToFollow.value = { goOn }
  return false
}

/** The member as the service says now; a guest is asked to sign in. */
export async function freshMember(): Promise<Me | null> {
  const me = await queries.fetchQuery({ queryKey: ['me'], queryFn: askMe, staleTime: 0 })
  if (!me) askedToSignIn.value = true
  return me
}

/** Inside WeChat signing in shows nothing, so it is done at once, but once only per visit; never for who went by their own will,
 * and not where nobody can sign in: that would be a way out of a community that can be read. */
export async function enterSilently(): Promise<void> {
  const me = await queries.fetchQuery({ queryKey: ['me'], queryFn: askMe }).catch(() => undefined)
  if (me !== null || !inWeChat || remembered(LEFT)) return
  const community = await queries.fetchQuery(COMMUNITY).catch(() => undefined)
  if (!community?.sign_in_ready || !firstTime(`entered.${accountId}`)) return
  location.replace(signInAddress())
}

export function refreshMe(): void {
  void queries.invalidateQueries({ queryKey: ['me'] })
}
