/** What was deleted a moment ago and can be had back. The service brings back what was public, within ten minutes. */
import { reactive, shallowRef } from 'vue'
import { api, type Post, type Reply } from './api'
import { queries } from './client'
import { toast, toastError } from './toast'

export const UNDO_MINUTES = 10
const UNDO_MS = UNDO_MINUTES * 60_000

export interface Undoable {
  text: string
  undo: () => Promise<void>
}

/** What the bar offers; a new deletion takes the place of the last one. */
export const offered = shallowRef<Undoable | null>(null)
/** Posts deleted here: their pages offer it for as long as the service does. */
const deleted = reactive(new Map<string, { at: number; offer: Undoable }>())
/** Brought back here, but the live page may still hear of the deletion: what comes after that is looked up anew. */
const returning = new Set<string>()

export const canComeBack = (thing: Post | Reply): boolean => thing.state === 'visible'

export function deletedPost(postId: string): Undoable | undefined {
  const found = deleted.get(postId)
  return found && Date.now() - found.at < UNDO_MS ? found.offer : undefined
}

async function back(id: string, act: () => Promise<unknown>, show: () => void): Promise<void> {
  offered.value = null
  try {
    await act()
    returning.add(id)
    deleted.delete(id)
    toast('已恢复')
    show()
  } catch (error) {
    toastError(error)
  }
}

function showPosts(postId: string): void {
  void queries.invalidateQueries({ queryKey: ['posts'] })
  void queries.invalidateQueries({ queryKey: ['post', postId] })
}

function showReplies(postId: string): void {
  void queries.invalidateQueries({ queryKey: ['replies', postId] })
  void queries.invalidateQueries({ queryKey: ['thread'] })
}

export function offerPost(postId: string): void {
  const act = () => api.post('/community/{account_id}/posts/{post_id}/undelete', { path: { post_id: postId } })
  const offer = { text: '帖子已删除', undo: () => back(postId, act, () => showPosts(postId)) }
  deleted.set(postId, { at: Date.now(), offer })
  offered.value = offer
}

export function offerReply(postId: string, replyId: string): void {
  const act = () => api.post('/community/{account_id}/replies/{reply_id}/undelete', { path: { reply_id: replyId } })
  offered.value = { text: '回复已删除', undo: () => back(replyId, act, () => showReplies(postId)) }
}

/** The live page heard that something appeared: if it came back by us, a late word of its deletion may have hidden it. */
export function heardOf(postId: string, replyId?: string): void {
  if (!returning.delete(replyId ?? postId)) return
  if (replyId) showReplies(postId)
  else showPosts(postId)
}
