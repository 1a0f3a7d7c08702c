/** What members and moderators do to posts, replies and each other, besides marks. */
import { api, type Me, type Post, type Preferences, type Reply } from './api'
import { confirmed, type Target } from './asking'
import { changePost, changeReply, queries } from './client'
import { reconnect } from './live'
import { freshMember, memberHere, refreshMe } from './session'
import { toast, toastError } from './toast'
import { canComeBack, offerPost, offerReply, UNDO_MINUTES } from './undoing'

async function doing(act: () => Promise<unknown>, said?: string): Promise<boolean> {
  try {
    await act()
    if (said) toast(said)
    return true
  } catch (error) {
    toastError(error)
    return false
  }
}

/** Only what was public comes back: the rest would get around a moderator. */
const regret = (back: boolean) => (back ? `${UNDO_MINUTES} 分钟内可以撤销。` : '它还没有公开，删除后不能恢复。')

export async function deletePost(post: Post): Promise<void> {
  const back = canComeBack(post)
  if (!(await confirmed('删除这条帖子？', `删除后，其他人就看不到它和它的回复了。${regret(back)}`, '删除'))) return
  const path = { post_id: post.post_id }
  if (!(await doing(() => api.delete('/community/{account_id}/posts/{post_id}', { path }), back ? undefined : '已删除'))) return
  if (back) offerPost(post.post_id)
  changePost(post.post_id, () => null)
}

export async function deleteReply(reply: Reply): Promise<void> {
  const back = canComeBack(reply)
  if (!(await confirmed('删除这条回复？', regret(back), '删除'))) return
  const path = { reply_id: reply.reply_id }
  if (!(await doing(() => api.delete('/community/{account_id}/replies/{reply_id}', { path }), back ? undefined : '已删除'))) return
  if (back) offerReply(reply.post_id, reply.reply_id)
  changeReply(reply.post_id, reply.reply_id, (one) => (one.thread_replies ? { ...one, state: 'deleted', text: '', pictures: [] } : null))
}

export function copyText(text: string): Promise<boolean> {
  return doing(() => navigator.clipboard.writeText(text), '已复制')
}

/** What the service answered to the last of the changes that are under way. */
let latest: Me | null = null
let underWay = 0
let line: Promise<unknown> = Promise.resolve()

/** The service wants the whole of the preferences, so changes wait for each other: the first is made to what the service says
 * now, each other to what it answered to the one before. */
export function changePreferences(change: (now: Me) => Partial<Preferences>, said: (now: Me) => string): Promise<boolean> {
  underWay += 1
  const mine = line.then(() => changeNow(change, said))
  line = mine.then(() => {
    underWay -= 1
    if (!underWay) latest = null
  })
  return mine
}

async function changeNow(change: (now: Me) => Partial<Preferences>, said: (now: Me) => string): Promise<boolean> {
  try {
    latest ??= await freshMember()
    if (!latest) return false
    const { signature, blocked_ids, muted_words, muted_notices } = latest
    const changed = change(latest)
    const body = { signature, blocked_ids, muted_words, muted_notices, ...changed } as Preferences
    latest = await api.put('/community/{account_id}/me/preferences', { body })
    queries.setQueryData(['me'], latest)
    toast(said(latest))
    // What the stream leaves out is settled when it is opened.
    if (changed.blocked_ids || changed.muted_words) reconnect()
    return true
  } catch (error) {
    toastError(error)
    return false
  }
}

export async function blockMember(memberId: string, on: boolean): Promise<void> {
  const blocked = (ids: readonly string[]) => (on ? [...new Set([...ids, memberId])] : ids.filter((id) => id !== memberId))
  const said = on ? '已屏蔽，不再显示 TA 的内容' : '已解除屏蔽'
  if (!(await changePreferences((now) => ({ blocked_ids: blocked(now.blocked_ids) }), () => said))) return
  for (const queryKey of [['posts'], ['replies'], ['search'], ['notifications'], ['member', memberId]]) void queries.invalidateQueries({ queryKey })
}

export async function markPost(post: Post, mark: 'pinned' | 'featured' | 'locked', on: boolean): Promise<void> {
  const path = { item_id: post.post_id, mark }
  const done = await doing(() => api.post('/community/{account_id}/moderation/posts/{item_id}/marks/{mark}', { path, body: { on } }), '已完成')
  if (!done) return
  changePost(post.post_id, (one) => ({ ...one, [mark]: on }))
  void queries.invalidateQueries({ queryKey: ['pinned'] })
}

export async function takeDown(target: Target, reason: string): Promise<boolean> {
  const path = { kind: target.kind, item_id: target.id }
  const done = await doing(() => api.post('/community/{account_id}/moderation/{kind}/{item_id}/take-down', { path, body: { reason } }), '已移除，其他人看不到了')
  if (!done) return false
  if (target.kind === 'posts') changePost(target.id, () => null)
  else changeReply(target.postId, target.id, (one) => (one.thread_replies ? { ...one, state: 'removed', text: '', pictures: [] } : null))
  void queries.invalidateQueries({ queryKey: ['moderation'] })
  return true
}

/** Approves what waits, or brings back what was taken down. */
export async function letAppear(target: Target, said = '已通过'): Promise<boolean> {
  const path = { kind: target.kind, item_id: target.id }
  const done = await doing(() => api.post('/community/{account_id}/moderation/{kind}/{item_id}/show', { path, query: { version: target.version } }), said)
  // What was not let through is looked at again: it may be another text by now, or decided.
  void queries.invalidateQueries({ queryKey: ['moderation'] })
  void queries.invalidateQueries({ queryKey: ['post', target.postId] })
  if (!done) return false
  // What was hidden had no replies to show.
  void queries.invalidateQueries({ queryKey: ['replies', target.postId] })
  void queries.invalidateQueries({ queryKey: ['thread'] })
  return true
}

async function aboutMember(memberId: string, done: Promise<boolean>): Promise<boolean> {
  if (!(await done)) return false
  void queries.invalidateQueries({ queryKey: ['member', memberId] })
  void queries.invalidateQueries({ queryKey: ['moderation'] })
  return true
}

export function muteMember(memberId: string, minutes: number | null, reason: string): Promise<boolean> {
  const path = { member_id: memberId }
  return aboutMember(memberId, doing(() => api.post('/community/{account_id}/moderation/members/{member_id}/mute', { path, body: { minutes, reason } }), minutes ? '已禁言' : '已封禁'))
}

export function unmuteMember(memberId: string): Promise<boolean> {
  return aboutMember(memberId, doing(() => api.post('/community/{account_id}/moderation/members/{member_id}/unmute', { path: { member_id: memberId } }), '已解除禁言'))
}

type Reason = 'advertising' | 'abuse' | 'illegal' | 'pornography' | 'fraud' | 'privacy' | 'flooding' | 'other'

export async function fileReport(target: Target, reason: Reason, note: string): Promise<boolean> {
  const body = { target_kind: target.kind === 'posts' ? ('post' as const) : ('reply' as const), target_id: target.id, reason, note }
  return doing(() => api.post('/community/{account_id}/reports', { body }), '已收到，我们会尽快处理')
}

export async function checkIn(): Promise<void> {
  if (!(await memberHere())) return
  try {
    const made = await api.post('/community/{account_id}/check-ins')
    toast(`签到成功，已连续 ${made.streak} 天`)
    refreshMe()
    void queries.invalidateQueries({ queryKey: ['leaders'] })
  } catch (error) {
    toastError(error)
  }
}
