/** Likes, favourites, follows: shown at once, taken back when the service says no. */
import { api, type Post, type Reply } from './api'
import { changePost, changeReply, queries } from './client'
import { memberHere } from './session'
import { toast, toastError } from './toast'

type Mine = NonNullable<Post['mine']>
const withMine = (post: Post, mine: Partial<Mine>): Post => (post.mine ? { ...post, mine: { ...post.mine, ...mine } } : post)

async function trying(act: () => Promise<unknown>, undo: () => void): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    undo()
    toastError(error)
    return false
  }
}

export async function likePost(post: Post): Promise<void> {
  if (!(await memberHere())) return
  const on = !post.mine?.liked
  const set = (liked: boolean, by: number) => changePost(post.post_id, (one) => withMine({ ...one, like_count: Math.max(0, one.like_count + by) }, { liked }))
  const path = { item_id: post.post_id }
  set(on, on ? 1 : -1)
  await trying(
    () => (on ? api.put('/community/{account_id}/posts/{item_id}/like', { path }) : api.delete('/community/{account_id}/posts/{item_id}/like', { path })),
    () => set(!on, on ? -1 : 1),
  )
}

export async function likeReply(reply: Reply): Promise<void> {
  if (!(await memberHere())) return
  const on = !reply.liked
  const set = (liked: boolean, by: number) =>
    changeReply(reply.post_id, reply.reply_id, (one) => ({ ...one, liked, like_count: Math.max(0, one.like_count + by) }))
  const path = { item_id: reply.reply_id }
  set(on, on ? 1 : -1)
  await trying(
    () => (on ? api.put('/community/{account_id}/replies/{item_id}/like', { path }) : api.delete('/community/{account_id}/replies/{item_id}/like', { path })),
    () => set(!on, on ? -1 : 1),
  )
}

export async function favourite(post: Post): Promise<void> {
  if (!(await memberHere())) return
  const on = !post.mine?.favourited
  const set = (favourited: boolean) => changePost(post.post_id, (one) => withMine(one, { favourited }))
  const path = { item_id: post.post_id }
  set(on)
  const done = await trying(
    () => (on ? api.put('/community/{account_id}/posts/{item_id}/favourite', { path }) : api.delete('/community/{account_id}/posts/{item_id}/favourite', { path })),
    () => set(!on),
  )
  if (!done) return
  toast(on ? '已收藏，可在“我的收藏”里找到' : '已取消收藏')
  void queries.invalidateQueries({ queryKey: ['posts', 'favourites'], refetchType: 'none' })
}

export async function follow(kind: 'member' | 'topic' | 'post', id: string, on: boolean): Promise<boolean> {
  if (!(await memberHere())) return false
  const path = { kind, followed_id: id }
  const address = '/community/{account_id}/follows/{kind}/{followed_id}' as const
  const done = await trying(
    () => (on ? api.put(address, { path }) : api.delete(address, { path })),
    () => undefined,
  )
  if (done) {
    toast(on ? '已关注' : '已取消关注')
    void queries.invalidateQueries({ queryKey: ['follows'], refetchType: 'none' })
    void queries.invalidateQueries({ queryKey: ['me'], refetchType: 'none' })
    if (kind === 'post') changePost(id, (post) => withMine(post, { followed: on }))
    void queries.invalidateQueries({ queryKey: ['posts', { feed: 'following' }] })
  }
  return done
}
