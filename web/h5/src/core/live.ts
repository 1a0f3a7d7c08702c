/** What happens in the community while the page is open: server-sent events, continued where they broke off. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { api, service, type Reply } from './api'
import { changePost, changeReply, queries } from './client'
import { currentMe } from './session'
import { heardOf } from './undoing'

export interface Happening {
  kind: string
  post_id?: string
  reply_id?: string
  root_id?: string | null
  floor?: number | null
  author_id?: string | null
}

const KINDS = ['post.created', 'post.edited', 'post.removed', 'post.marked', 'reply.created', 'reply.counted', 'reply.removed', 'notification', 'notification.read', 'reset']
const AGAIN_MS = 5_000
const listeners = new Set<(happening: Happening) => void>()
let source: EventSource | undefined
let position = ''
let watched: string | undefined
let again: ReturnType<typeof setTimeout> | undefined

/** Replies that were told of. A new one is told before it has its place; after a break it may be told once more. */
const replied = new Set<string>()
const MOST_REPLIED = 500

/** Posts by others since the latest list was shown. */
export const newPosts = ref(0)

function connect(): void {
  clearTimeout(again)
  source?.close()
  const query = new URLSearchParams()
  if (watched) query.set('post_id', watched)
  // A new stream continues where the last one was; within one stream the browser does that itself.
  if (position) query.set('after', position)
  const opened = (source = new EventSource(`${service}/stream?${query}`))
  for (const kind of [...KINDS, 'hello']) opened.addEventListener(kind, (event) => hear(kind, event))
  opened.onerror = () => {
    // A refusal ends the stream for good: begin anew later. Otherwise the browser comes back by itself.
    if (opened.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS)
  }
}

function hear(kind: string, event: MessageEvent<string>): void {
  position = event.lastEventId || position
  if (kind === 'hello') return
  happened({ ...(JSON.parse(event.data) as object), kind })
}

function happened(happening: Happening): void {
  // What was told before is told again when a stream broke in between; what is new of it is the floor.
  if (toldBefore(happening)) happening.kind = 'reply.counted'
  apply(happening)
  for (const listener of listeners) listener(happening)
}

/** One's own reply has arrived: the stream may tell of it later, and of one that waits for a moderator it does not. */
export function wrote({ state, post_id, reply_id, root_id }: Reply): void {
  const happening: Happening = { kind: 'reply.created', post_id, reply_id, root_id }
  if (state === 'visible') happened(happening)
  else for (const listener of listeners) listener(happening)
}

function toldBefore({ kind, reply_id: replyId }: Happening): boolean {
  if (kind === 'reset') replied.clear()
  if (!replyId || kind === 'notification') return false
  // Who is brought back after that has appeared anew.
  if (kind === 'reply.removed') replied.delete(replyId)
  if (kind !== 'reply.created') return false
  if (replied.has(replyId)) return true
  replied.add(replyId)
  if (replied.size > MOST_REPLIED) replied.delete(replied.values().next().value!)
  return false
}

function apply(happening: Happening): void {
  const { kind, post_id: postId, reply_id: replyId } = happening
  if (kind === 'post.created' && happening.author_id !== currentMe()?.member_id) newPosts.value += 1
  if (kind === 'post.removed' && postId) changePost(postId, () => null)
  // A post that was taken back or taken down appears once more: whoever has it open sees it again.
  if (kind === 'post.created' && postId) void queries.invalidateQueries({ queryKey: ['post', postId] })
  if (kind === 'post.edited' && postId) void refreshPost(postId)
  if (kind === 'post.marked' && postId) void queries.invalidateQueries({ queryKey: ['pinned'] })
  if (kind === 'reply.removed' && postId && replyId) {
    changeReply(postId, replyId, (reply) => (reply.thread_replies ? { ...reply, state: reply.state === 'deleted' ? 'deleted' : 'removed', text: '', pictures: [] } : null))
    changePost(postId, (post) => ({ ...post, reply_count: Math.max(0, post.reply_count - 1) }))
  }
  if (kind === 'reply.created' && postId) changePost(postId, (post) => ({ ...post, reply_count: post.reply_count + 1 }))
  if ((kind === 'post.created' || kind === 'reply.created') && postId) heardOf(postId, replyId)
  // The number is asked for, not counted here: one source of truth.
  if (kind === 'notification' || kind === 'notification.read') void queries.invalidateQueries({ queryKey: ['unread'] })
  if (kind === 'reset') void queries.invalidateQueries()
}

export async function refreshPost(postId: string): Promise<void> {
  const post = await api.get('/community/{account_id}/posts/{post_id}', { path: { post_id: postId } }).catch(() => undefined)
  if (post) changePost(postId, () => post)
}

/** Hear what happens for as long as the component lives. */
export function useLive(listener: (happening: Happening) => void): void {
  listeners.add(listener)
  onScopeDispose(() => listeners.delete(listener))
}

/** The post that is open: its replies come as they are written. */
export function watchPost(postId: Ref<string | undefined>): void {
  watch(
    postId,
    (now) => {
      watched = now
      reconnect()
    },
    { immediate: true },
  )
}

export const startLive = connect

/** Anew, from where it was: the network came back, or the service is to leave out others than before. */
export function reconnect(): void {
  if (source) connect()
}

addEventListener('online', reconnect)
