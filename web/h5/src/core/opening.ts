/** A post that is opened: itself and its first replies in one answer. */
import type { InfiniteData } from '@tanstack/vue-query'
import { api, Refused, type JudgedPost, type Post, type Reply, type ReplyPage } from './api'
import { queries } from './client'
import { keep, keeping } from './kept'
import { currentMe } from './session'

export const LIMIT = 20
type Pages = InfiniteData<ReplyPage, string | null>
/** Answers under way: the page and its list come for the same one. */
const coming = new Map<string, Promise<ReplyPage>>()

export const firstReplies = (postId: string) => ['replies', postId, { newest: false, from: undefined }] as const
/** Of the first replies, when the page has asked for them already. */
export const underWay = (postId: string): Promise<ReplyPage> | undefined => coming.get(postId)

async function both(postId: string): Promise<Post> {
  const path = { post_id: postId }
  const asked = api.get('/community/{account_id}/posts/{post_id}/replies', { path, query: { limit: LIMIT, order: 'oldest', with_post: true } })
  coming.set(postId, asked)
  try {
    const { post, ...page } = await asked
    fill(postId, page)
    return post as Post
  } finally {
    coming.delete(postId)
  }
}

function fill(postId: string, page: ReplyPage): void {
  keep(`replies.${postId}`, page)
  const held = queries.getQueryData<Pages>(firstReplies(postId))
  // Who had read further keeps what they have; it is renewed like any list.
  if (!held || held.pages.length === 1) queries.setQueryData<Pages>(firstReplies(postId), { pages: [page], pageParams: [null] })
}

/** What others may not see, a moderator decides on; what its author took back is nobody's affair. */
async function forModerator(postId: string, refusal: unknown): Promise<Post> {
  if (!(refusal instanceof Refused) || refusal.problem.status !== 404 || !currentMe()?.moderator) throw refusal
  const post: JudgedPost = await api.get('/community/{account_id}/moderation/posts/{post_id}', { path: { post_id: postId } })
  if (post.state === 'deleted') throw refusal
  queries.setQueryData<Pages>(firstReplies(postId), { pages: [{ items: [] as Reply[], next_cursor: null }], pageParams: [null] })
  return post
}

/** With the replies when they are not on the screen yet; else the post alone. */
export function openPost(postId: string): Promise<Post> {
  const listed = queries.getQueryCache().find({ queryKey: firstReplies(postId) })
  const alone = listed?.isActive() && listed.state.data !== undefined
  const ask = () => (alone ? api.get('/community/{account_id}/posts/{post_id}', { path: { post_id: postId } }) : both(postId))
  return keeping(`post.${postId}`, () => ask().catch((error: unknown) => forModerator(postId, error)))
}
