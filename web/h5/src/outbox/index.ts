/** The outbox: what was written stays in IndexedDB until the service has it, whatever the network does. */
import { computed, reactive, readonly, ref, shallowReactive } from 'vue'
import { accountId, api, newKey, type OwnReply, type Post } from '@/core/api'
import { queries } from '@/core/client'
import { erase, read, readAll, write } from '@/core/database'
import type { Written } from '@/core/drafts'
import { uploaded } from '@/core/pictures'
import { askedToSignIn, memberId } from '@/core/session'
import { attempt, renewed, type Attached, type Entry, type Made, type Sent, type Wire } from './entry'
import { hearTabs, tellTabs } from './tabs'

export type { Answered, Attached, Entry, Made, PostEntry, ReplyEntry, Sent } from './entry'

const PAUSES_MS = [1_000, 3_000, 10_000, 30_000]
const entries = shallowReactive(new Map<string, Entry>())
/** Keys that lie in the store: what is no longer there was sent or thrown away in another tab. */
const stored = new Set<string>()
const listeners = new Set<(sent: Sent) => void>()
const signInNeeded = ref(false)
const opened = ref(false)
let timer: ReturnType<typeof setTimeout> | undefined
let pauses = 0
let running = false

export const unsent = computed(() => [...entries.values()].sort((a, b) => a.at - b.at))
export const outboxNeedsSignIn = readonly(signInNeeded)
/** Whether it is known what earlier visits left. */
export const outboxOpened = readonly(opened)
export const unsentEntry = (key: string): Entry | undefined => entries.get(key)
export const onSent = (listener: (sent: Sent) => void): void => void listeners.add(listener)

/** IndexedDB wants plain objects, not Vue's proxies. */
function plain(entry: Entry): Entry {
  const { pictures: attached, ...rest } = entry
  const copied = JSON.parse(JSON.stringify(rest)) as Omit<Entry, 'pictures'>
  const pictures = attached.map((one) => ({ key: one.key, blob: one.blob, picture: one.picture ? { ...one.picture } : null }))
  const state = entry.state === 'sending' ? 'waiting' : entry.state
  return { ...copied, pictures, state } as Entry
}

const wire: Wire = {
  upload: uploaded,
  send: (entry): Promise<OwnReply | Post> =>
    entry.kind === 'post'
      ? api.post('/community/{account_id}/posts', { body: entry.body, key: entry.key })
      : api.post('/community/{account_id}/posts/{post_id}/replies', { path: { post_id: entry.postId }, body: entry.body, key: entry.key }),
  keep: async (entry) => {
    await write('outbox', entry.key, plain(entry))
    stored.add(entry.key)
    tellTabs()
  },
  drop: async (key) => {
    stored.delete(key)
    await erase('outbox', key)
    tellTabs()
  },
}

/** Without storage (private mode) it is still sent, as long as this page stays open. */
const keep = (entry: Entry): Promise<unknown> => wire.keep(entry).catch(() => undefined)

export async function send(made: Made, written: Written, pictures: Attached[]): Promise<void> {
  const waiting = { state: 'waiting' as const, problem: '', code: '', attempts: 0 }
  const entry = reactive({ key: newKey(), account: accountId, member: memberId() ?? '', at: Date.now(), pictures, written, ...waiting, ...made }) as Entry
  await keep(entry)
  entries.set(entry.key, entry)
  void pressed()
}

/** Somebody wants it sent now; that their session is over is told at once. */
async function pressed(): Promise<void> {
  pauses = 0
  await drain()
  if (signInNeeded.value) askedToSignIn.value = true
}

/** Change what was refused where it lies. */
export async function revise(key: string, made: Made, written: Written, pictures: Attached[]): Promise<void> {
  const entry = entries.get(key)
  if (entry?.state !== 'refused') return
  Object.assign(entry, made, { written, pictures, code: '' })
  await keep(entry)
}

export async function discard(key: string): Promise<void> {
  entries.delete(key)
  await wire.drop(key).catch(() => undefined)
}

export async function retry(key: string): Promise<void> {
  await turn('renewing', () => renew(key))
  void pressed()
}

async function renew(key: string): Promise<void> {
  const entry = await current(key)
  if (entry?.state !== 'refused') return
  const fresh = reactive(renewed(entry)) as Entry
  await keep(fresh)
  entries.set(fresh.key, fresh)
  if (fresh.key !== key) await discard(key)
}

/** One tab at a time. Where locks are missing the keys alone keep things from being doubled. */
function turn(what: string, work: () => Promise<void>, options: LockOptions = {}): Promise<void> {
  return navigator.locks ? navigator.locks.request(`guanwei-outbox-${accountId}-${what}`, options, (lock) => (lock ? work() : undefined)) : work()
}

/** The entry as the store has it now, for another tab may have been at it; undefined: it is gone. */
async function current(key: string): Promise<Entry | undefined> {
  const entry = entries.get(key)
  if (!entry || !stored.has(key)) return entry
  const found = await read<Entry>('outbox', key).catch(() => entry)
  if (found) return found === entry ? entry : Object.assign(entry, found, { attempts: entry.attempts, problem: found.problem || entry.problem })
  stored.delete(key)
  entries.delete(key)
  return undefined
}

export async function drain(): Promise<void> {
  if (running) return
  running = true
  clearTimeout(timer)
  try {
    await turn('sending', sendAll, { ifAvailable: true })
  } finally {
    running = false
  }
  if (unsent.value.some((entry) => entry.state === 'waiting') && !signInNeeded.value) {
    timer = setTimeout(drain, PAUSES_MS[Math.min(pauses++, PAUSES_MS.length - 1)])
  }
}

async function sendAll(): Promise<void> {
  for (const { key } of unsent.value) {
    const entry = await current(key)
    if (entry?.state !== 'waiting' || entry.member !== memberId()) continue
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

/** What the store has of this member. Older pages let guests write: that is theirs who sign in here. */
async function load(): Promise<void> {
  const member = memberId()
  const found = member ? await readAll<Entry>('outbox').catch(() => undefined) : undefined
  if (!member || !found) return
  const mine = new Map(found.filter((one) => one.account === accountId && (one.member || member) === member).map((one) => [one.key, one]))
  for (const key of stored) {
    if (mine.has(key)) continue
    stored.delete(key)
    entries.delete(key)
  }
  for (const [key, entry] of mine) {
    stored.add(key)
    if (entries.get(key)?.state === 'sending') continue
    entries.set(key, reactive({ ...entry, member }) as Entry)
    if (!entry.member) await keep(entries.get(key)!)
  }
}

/** What an earlier visit left unsent. */
export async function openOutbox(): Promise<void> {
  await load()
  opened.value = true
  addEventListener('online', () => {
    pauses = 0
    void drain()
  })
  hearTabs(() => void load())
  // On a slow network it is known later who looks.
  let member = memberId()
  queries.getQueryCache().subscribe(({ query }) => {
    if (query.queryKey[0] !== 'me' || memberId() === member) return
    member = memberId()
    void load().then(drain)
  })
  void drain()
}
