/** The replies of a post, and how far they were read. */
import { onScopeDispose, type Ref } from 'vue'
import { api, type Post, type Reply, type ReplyPage } from './api'
import { changePost, changeReply, queries } from './client'
import { useList } from './lists'
import { useLive } from './live'
import { LIMIT, underWay } from './opening'
import { noteReading } from './reading'

export function useLists(postId: () => string, newest: Ref<boolean>, fromFloor: Ref<number | undefined>, mine: () => Post['mine']) {
  /** A reply is shown as soon as it is written; its floor comes a moment later, perhaps before the answer without it. */
  const floors = new Map<string, number>()
  const counted = (page: ReplyPage): ReplyPage => ({ ...page, items: page.items.map((one) => ({ ...one, floor: one.floor ?? floors.get(one.reply_id) ?? null })) })

  const key = () => ['replies', postId(), { newest: newest.value, from: fromFloor.value }]
  const list = useList<Reply, ReplyPage>({
    key,
    ask: (cursor) =>
      ((cursor || newest.value || fromFloor.value ? undefined : underWay(postId())) ??
      api.get('/community/{account_id}/posts/{post_id}/replies', {
        path: { post_id: postId() },
        query: { cursor, limit: LIMIT, order: newest.value ? 'newest' : 'oldest', from_floor: fromFloor.value },
      })).then(counted),
    keep: () => (newest.value || fromFloor.value ? undefined : `replies.${postId()}`),
  })

  useLive((happening) => {
    if (happening.kind === 'reply.counted' && happening.reply_id && happening.floor) {
      floors.set(happening.reply_id, happening.floor)
      changeReply(postId(), happening.reply_id, (reply) => ({ ...reply, floor: happening.floor ?? reply.floor }))
    }
    if (happening.kind !== 'reply.created' || happening.post_id !== postId()) return
    if (happening.root_id) void queries.invalidateQueries({ queryKey: ['thread', happening.root_id] })
    // With everything loaded the new reply follows on; else it comes when somebody scrolls there.
    if (happening.root_id || newest.value || !list.query.hasNextPage.value) void list.query.refetch()
  })

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
