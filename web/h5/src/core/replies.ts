/** The replies of a post, and how far they were read. */
import { onScopeDispose, type Ref } from 'vue'
import { api, type Post, type Reply, type ReplyPage } from './api'
import { changePost, changeReply, queries } from './client'
import { gathered } from './gathering'
import { renewLast, useList } from './lists'
import { useLive } from './live'
import { LIMIT, underWay } from './opening'
import { noteReading } from './reading'

export const THREAD_LIMIT = 50

export function useLists(postId: () => string, newest: Ref<boolean>, fromFloor: Ref<number | undefined>, mine: () => Post['mine']) {
  /** A reply is shown as soon as it is written; its floor comes a moment later, perhaps before the answer without it. */
  const floors = new Map<string, number>()
  const counted = (page: ReplyPage): ReplyPage => ({ ...page, items: page.items.map((one) => ({ ...one, floor: one.floor ?? floors.get(one.reply_id) ?? null })) })

  const key = () => ['replies', postId(), { newest: newest.value, from: fromFloor.value }]
  const list = useList<Reply, ReplyPage>({
    key,
    ask: (cursor, signal) =>
      ((cursor || newest.value || fromFloor.value ? undefined : underWay(postId())) ??
      api.get('/community/{account_id}/posts/{post_id}/replies', {
        path: { post_id: postId() },
        query: { cursor, limit: LIMIT, order: newest.value ? 'newest' : 'oldest', from_floor: fromFloor.value },
        signal,
      })).then(counted),
    keep: () => (newest.value || fromFloor.value ? undefined : `replies.${postId()}`),
  })

  useLive((happening) => {
    if (happening.kind === 'reply.counted' && happening.reply_id && happening.floor) {
      floors.set(happening.reply_id, happening.floor)
      changeReply(postId(), happening.reply_id, (reply) => ({ ...reply, floor: happening.floor ?? reply.floor }))
    }
    if (happening.kind !== 'reply.created' || happening.post_id !== postId()) return
    const { root_id: root, floor } = happening
    // What was brought back stands among those that are there.
    if (!root && floor && list.items.value.some((one) => (one.floor ?? 0) > floor)) return void list.query.refetch()
    news.add(root ?? null)
    catchUp()
  })

  /** Where something was written since it was last asked for: threads by their root; null: a reply to the post. */
  const news = new Set<string | null>()
  const catchUp = gathered(async () => {
    // What is asked for now would write over what came meanwhile.
    if (list.query.isFetching.value) return catchUp()
    if (!queries.getQueryData(key())) return list.query.refetch()
    const roots = [...news]
    news.clear()
    await Promise.all(roots.map((root) => (root ? thread(root) : renew())))
  })
  const renew = (): Promise<void> => (newest.value ? list.renewFront((one) => one.reply_id) : list.renewEnd())

  /** One reply to the post with the beginning of its thread; and the end of the thread where it is on the screen. */
  async function thread(rootId: string): Promise<void> {
    const queryKey = ['thread', rootId]
    const path = { reply_id: rootId }
    if (queries.getQueryCache().find({ queryKey })?.isActive()) {
      await renewLast<ReplyPage>(queryKey, (cursor) => api.get('/community/{account_id}/replies/{reply_id}/replies', { path, query: { cursor: cursor ?? undefined, limit: THREAD_LIMIT } }))
    } else void queries.invalidateQueries({ queryKey })
    const held = list.items.value.find((one) => one.reply_id === rootId)
    if (!held) return
    const from_floor = held.floor ?? floors.get(rootId)
    // It is so new that it stands where the new ones are.
    if (!from_floor) return renew()
    const page = await api.get('/community/{account_id}/posts/{post_id}/replies', { path: { post_id: postId() }, query: { limit: 1, from_floor } })
    const now = page.items.find((one) => one.reply_id === rootId)
    if (now) changeReply(postId(), rootId, () => now)
  }

  const floorSeen = reading(postId, mine)
  return { ...list, floorSeen }
}

/** Notes how far the reader got, also when the page is put away, closed or left. */
function reading(postId: () => string, mine: () => Post['mine']) {
  const id = postId()
  const note = noteReading(
    () => mine()?.read_floor,
    () => Boolean(mine()),
    (floor) => api.put('/community/{account_id}/posts/{post_id}/reading', { path: { post_id: id }, body: { floor }, keepalive: true }),
  )
  // A phone tells of a page that is put away; whether it is ever opened again, nobody knows then.
  const putAway = () => document.visibilityState === 'hidden' && note.now()
  document.addEventListener('visibilitychange', putAway)
  addEventListener('pagehide', note.now)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', putAway)
    removeEventListener('pagehide', note.now)
    const noted = note.now()
    if (!noted) return
    changePost(id, (post) => {
      if (!post.mine) return post
      const read_floor = Math.max(noted, post.mine.read_floor ?? 0)
      return { ...post, mine: { ...post.mine, read_floor, unread: Math.max(0, post.floors - read_floor) } }
    })
  })
  return note.seen
}
