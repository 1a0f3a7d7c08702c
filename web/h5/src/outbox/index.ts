/** The outbox: what was written stays in IndexedDB until the service has it, whatever the network does. */
import { computed, reactive, readonly, ref, shallowReactive } from 'vue'
import { accountId, api, newKey, type NewPost, type NewReply, type OwnReply, type Post } from '@/core/api'
import { erase, readAll, write } from '@/core/database'
import { uploaded } from '@/core/pictures'
import { memberId } from '@/core/session'
import { attempt, renewed, type Attached, type Entry, type PostEntry, type ReplyEntry, type Sent, type Wire } from './entry'

export type { Attached, Entry, PostEntry, ReplyEntry, Sent } from './entry'

const PAUSES_MS = [1_000, 3_000, 10_000, 30_000]
const entries = shallowReactive(new Map<string, Entry>())
const listeners = new Set<(sent: Sent) => void>()
const signInNeeded = ref(false)
let timer: ReturnType<typeof setTimeout> | undefined
let pauses = 0
let running = false

export const unsent = computed(() => [...entries.values()].sort((a, b) => a.at - b.at))
export const outboxNeedsSignIn = readonly(signInNeeded)
export const onSent = (listener: (sent: Sent) => void): void => void listeners.add(listener)

/** IndexedDB wants plain objects, not Vue's proxies. */
function plain(entry: Entry): Entry {
  const body = JSON.parse(JSON.stringify(entry.body)) as NewPost & NewReply
  const pictures = entry.pictures.map((one) => ({ key: one.key, blob: one.blob, picture: one.picture ? { ...one.picture } : null }))
  const state = entry.state === 'sending' ? 'waiting' : entry.state
  return { ...entry, body, pictures, state }
}

const wire: Wire = {
  upload: uploaded,
  send: (entry): Promise<OwnReply | Post> =>
    entry.kind === 'post'
      ? api.post('/community/{account_id}/posts', { body: entry.body, key: entry.key })
      : api.post('/community/{account_id}/posts/{post_id}/replies', { path: { post_id: entry.postId }, body: entry.body, key: entry.key }),
  keep: (entry) => write('outbox', entry.key, plain(entry)),
  drop: (key) => erase('outbox', key),
}

async function add(entry: Entry): Promise<void> {
  const held = reactive(entry) as Entry
  // Without storage (private mode) it is still sent, as long as this page stays open.
  await wire.keep(held).catch(() => undefined)
  entries.set(held.key, held)
  pauses = 0
  void drain()
}

const common = (pictures: Attached[]) => ({
  key: newKey(),
  account: accountId,
  member: memberId() ?? '',
  at: Date.now(),
  pictures,
  state: 'waiting' as const,
  problem: '',
  code: '',
  attempts: 0,
})

export const sendPost = (body: NewPost, pictures: Attached[]): Promise<void> => add({ ...common(pictures), kind: 'post', body } satisfies PostEntry)

export const sendReply = (to: { postId: string; rootId: string | null }, body: NewReply, pictures: Attached[]): Promise<void> =>
  add({ ...common(pictures), kind: 'reply', ...to, body } satisfies ReplyEntry)

export async function discard(key: string): Promise<void> {
  await erase('outbox', key).catch(() => undefined)
  entries.delete(key)
}

export async function retry(key: string): Promise<void> {
  const entry = entries.get(key)
  if (!entry) return
  if (entry.state !== 'refused') {
    pauses = 0
    return drain()
  }
  const fresh = renewed(entry)
  await wire.keep(fresh).catch(() => undefined)
  await discard(key)
  entries.set(fresh.key, reactive(fresh) as Entry)
  await drain()
}

/** Only one tab sends at a time; where locks are missing the keys alone keep things from being doubled. */
function alone(work: () => Promise<void>): Promise<void> {
  return navigator.locks ? navigator.locks.request(`guanwei-outbox-${accountId}`, { ifAvailable: true }, (lock) => (lock ? work() : undefined)) : work()
}

export async function drain(): Promise<void> {
  if (running) return
  running = true
  clearTimeout(timer)
  try {
    await alone(sendAll)
  } finally {
    running = false
  }
  if (unsent.value.some((entry) => entry.state === 'waiting') && !signInNeeded.value) {
    timer = setTimeout(drain, PAUSES_MS[Math.min(pauses++, PAUSES_MS.length - 1)])
  }
}

async function sendAll(): Promise<void> {
  for (const entry of unsent.value) {
    if (entry.state !== 'waiting' || entry.member !== memberId()) continue
    const outcome = await attempt(entry, wire)
    signInNeeded.value = outcome.result === 'signed_out'
    if (outcome.result === 'sent') {
      pauses = 0
      entries.delete(entry.key)
      for (const listener of listeners) listener(outcome.sent)
    }
    // The order of what somebody wrote is kept: what comes later waits as well.
    if (outcome.result === 'later' || outcome.result === 'signed_out') return
  }
}

/** What an earlier visit left unsent. */
export async function openOutbox(): Promise<void> {
  const found = await readAll<Entry>('outbox').catch(() => [])
  for (const entry of found) if (entry.account === accountId && entry.member === memberId()) entries.set(entry.key, reactive(entry) as Entry)
  addEventListener('online', () => {
    pauses = 0
    void drain()
  })
  void drain()
}
