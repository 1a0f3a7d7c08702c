/** Shares and what comes back from them, for the community's statistics. */
import { api } from './api'
import { currentMe } from './session'

/** Somebody came by a shared link: counted once per visit, and the mark leaves the address. */
export function countReturn(): void {
  const url = new URL(location.href)
  if (!url.searchParams.has('shared')) return
  url.searchParams.delete('shared')
  history.replaceState(history.state, '', url)
  if (sessionStorage.getItem('guanwei.returned')) return
  sessionStorage.setItem('guanwei.returned', '1')
  void api.post('/community/{account_id}/returns').catch(() => undefined)
}

export function countShare(postId: string | null, channel: 'chat' | 'moments' | 'poster'): void {
  if (currentMe()) void api.post('/community/{account_id}/shares', { body: { post_id: postId, channel } }).catch(() => undefined)
}
