/** One thing that waits to be sent, and what one attempt makes of it. Pure: storage and network are handed in. */
import { newKey, Refused, Unreachable, type NewPost, type NewReply, type OwnReply, type Picture, type Post } from '@/core/api'
import type { Written } from '@/core/drafts'

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
  /** As its composer had it; of older pages nothing but the body is left. */
  written?: Written
}

export interface PostMade {
  kind: 'post'
  body: NewPost
}

/** The reply that is answered, as far as a composer shows it. */
export interface Answered {
  reply_id: string
  root_id: string | null
  nickname: string
  text: string
  quote: boolean
}

export interface ReplyMade {
  kind: 'reply'
  postId: string
  /** Whose thread it will stand in; null: a floor of its own. */
  rootId: string | null
  answered?: Answered | null
  body: NewReply
}

export type Made = PostMade | ReplyMade
export type PostEntry = Common & PostMade
export type ReplyEntry = Common & ReplyMade
export type Entry = PostEntry | ReplyEntry
export type Sent = { entry: PostEntry; made: Post } | { entry: ReplyEntry; made: OwnReply }

export interface Wire {
  upload(blob: Blob, key: string): Promise<Picture>
  send(entry: Entry): Promise<OwnReply | Post>
  /** Rejects when the entry could not be stored; then it lives as long as the page does. */
  keep(entry: Entry): Promise<unknown>
  drop(key: string): Promise<unknown>
}

export type Outcome = { result: 'sent'; sent: Sent } | { result: 'refused' } | { result: 'later' } | { result: 'signed_out' }

/** What the store says decides nothing: every step may happen twice with the same keys. */
const quietly = (stored: Promise<unknown>): Promise<unknown> => stored.catch(() => undefined)

/** One attempt. What the attempt decided is stored before anything follows from it. */
export async function attempt(entry: Entry, wire: Wire): Promise<Outcome> {
  entry.state = 'sending'
  entry.attempts += 1
  try {
    await attach(entry, wire)
    const made = await wire.send(entry)
    await quietly(wire.drop(entry.key))
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
    await quietly(wire.keep(entry))
  }
  const ids = entry.pictures.map((one) => one.picture!.picture_id)
  if (ids.join() === (entry.body.picture_ids ?? []).join()) return
  entry.body.picture_ids = ids
  await quietly(wire.keep(entry))
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
  await quietly(wire.keep(entry))
  return { result: 'refused' }
}

const GONE = '有图片已失效，没有保留。可以修改后重新添加，也可以不带这些图片重发。'

/** Try a refused entry again. A refusal means that nothing was stored, so a new key cannot double anything. Pictures that
 * had become unusable are uploaded anew; where nothing is left to upload, the entry stays and says so. */
export function renewed(entry: Entry): Entry {
  const fresh = { ...entry, key: newKey(), state: 'waiting' as const, problem: '', code: '', attempts: 0 }
  if (entry.code !== 'micro_community.picture_unusable') return fresh
  const pictures = reattached(entry)
  if (pictures.length < entry.pictures.length) return { ...entry, pictures, problem: GONE, code: '' }
  return { ...fresh, pictures }
}

/** Its pictures, as they can be used once more. */
export function reattached(entry: Entry): Attached[] {
  if (entry.code !== 'micro_community.picture_unusable') return entry.pictures
  return entry.pictures.filter((one) => one.blob.size > 0).map((one) => ({ ...one, key: newKey(), picture: null }))
}
