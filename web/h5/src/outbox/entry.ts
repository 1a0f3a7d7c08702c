/** One thing that waits to be sent, and what one attempt makes of it. Pure: storage and network are handed in. */
import { newKey, Refused, Unreachable, type NewPost, type NewReply, type OwnReply, type Picture, type Post } from '@/core/api'

export interface Attached {
  key: string
  blob: Blob
  picture: Picture | null
}

interface Common {
  /** Idempotency key: the same for every attempt, so that twenty attempts are one post. */
  key: string
  account: string
  member: string
  at: number
  pictures: Attached[]
  state: 'waiting' | 'sending' | 'refused'
  problem: string
  code: string
  attempts: number
}

export interface PostEntry extends Common {
  kind: 'post'
  body: NewPost
}

export interface ReplyEntry extends Common {
  kind: 'reply'
  postId: string
  /** Whose thread it will stand in; null: a floor of its own. */
  rootId: string | null
  body: NewReply
}

export type Entry = PostEntry | ReplyEntry
export type Sent = { entry: PostEntry; made: Post } | { entry: ReplyEntry; made: OwnReply }

export interface Wire {
  upload(blob: Blob, key: string): Promise<Picture>
  send(entry: Entry): Promise<OwnReply | Post>
  /** Rejects when the entry could not be stored. */
  keep(entry: Entry): Promise<unknown>
  drop(key: string): Promise<unknown>
}

export type Outcome = { result: 'sent'; sent: Sent } | { result: 'refused' } | { result: 'later' } | { result: 'signed_out' }

/** One attempt. What the attempt decided is stored before anything follows from it. */
export async function attempt(entry: Entry, wire: Wire): Promise<Outcome> {
  entry.state = 'sending'
  entry.attempts += 1
  try {
    await attach(entry, wire)
    const made = await wire.send(entry)
    await wire.drop(entry.key)
    return { result: 'sent', sent: { entry, made } as Sent }
  } catch (error) {
    return failed(entry, error, wire)
  }
}

/** Pictures first; their ids are stored before the post names them, so that the body stays the same for its key. */
async function attach(entry: Entry, wire: Wire): Promise<void> {
  for (const one of entry.pictures) {
    if (one.picture) continue
    one.picture = await wire.upload(one.blob, one.key)
    await wire.keep(entry)
  }
  const ids = entry.pictures.map((one) => one.picture!.picture_id)
  if (ids.join() === (entry.body.picture_ids ?? []).join()) return
  entry.body.picture_ids = ids
  await wire.keep(entry)
}

async function failed(entry: Entry, error: unknown, wire: Wire): Promise<Outcome> {
  const problem = error instanceof Refused ? error.problem : null
  if (problem?.status === 401) {
    entry.state = 'waiting'
    return { result: 'signed_out' }
  }
  if (!problem || problem.status === 429) {
    entry.state = 'waiting'
    entry.problem = problem?.detail ?? (error instanceof Unreachable ? '' : '暂时没有发出，会自动重试。')
    return { result: 'later' }
  }
  entry.state = 'refused'
  entry.problem = problem.detail
  entry.code = problem.code
  await wire.keep(entry)
  return { result: 'refused' }
}

/** Try a refused entry again. A refusal means that nothing was stored, so a new key cannot double anything. */
export function renewed(entry: Entry): Entry {
  const fresh = { ...entry, key: newKey(), state: 'waiting' as const, problem: '', code: '', attempts: 0 }
  if (entry.code !== 'micro_community.picture_unusable') return fresh
  return { ...fresh, pictures: entry.pictures.map((one) => ({ ...one, key: newKey(), picture: null })) }
}
