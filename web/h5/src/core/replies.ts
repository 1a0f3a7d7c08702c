/** The replies of a post, and how far they were read. */
import { onScopeDispose, type Ref } from 'vue'
import { api, type Post, type Reply, type ReplyPage } from './api'
import { changePost, changeReply, queries } from './client'
import { useList } from './lists'
import { useLive } from './live'
import { LIMIT, underWay } from './opening'

const NOTE_MS = 1_500

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

/** Notes the highest floor that was on the screen, a moment later and once more when the page is left or closed. */
function reading(postId: () => string, mine: () => Post['mine']) {
  let highest = 0
  let noted = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const id = postId()
  async function note(): Promise<void> {
    timer = undefined
    const own = mine()
    if (!own || highest <= Math.max(noted, own.read_floor ?? -1)) return
    noted = highest
    await api
      .put('/community/{account_id}/posts/{post_id}/reading', { path: { post_id: id }, body: { floor: highest }, keepalive: true })
      .catch(() => (noted = 0))
  }
  function noteNow(): void {
    clearTimeout(timer)
    void note()
  }
  // A phone tells of a page that is put away; whether it is ever opened again, nobody knows then.
  const putAway = () => document.visibilityState === 'hidden' && noteNow()
  document.addEventListener('visibilitychange', putAway)
  addEventListener('pagehide', noteNow)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', putAway)
    removeEventListener('pagehide', noteNow)
    noteNow()
    if (noted) changePost(id, (post) => (post.mine ? { ...post, mine: { ...post.mine, read_floor: noted, unread: Math.max(0, post.floors - noted) } } : post))
  })
  return (floor: number) => {
    highest = Math.max(highest, floor)
    timer ??= setTimeout(() => void note(), NOTE_MS)
  }
}
