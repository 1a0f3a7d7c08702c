/** Shares and what comes back from them, for the community's statistics. */
import type { Router } from 'vue-router'
import { accountId, api } from './api'
import { currentMe } from './session'
import { firstTime } from './storage'

/** Somebody came by a shared link: counted once per visit, and the mark leaves the address. */
export async function countReturn(router: Router): Promise<void> {
  await router.isReady()
  const { path, query } = router.currentRoute.value
  if (!('shared' in query)) return
  await router.replace({ path, query: { ...query, shared: undefined } })
  if (!firstTime(`returned.${accountId}`)) return
  void api.post('/community/{account_id}/returns').catch(() => undefined)
}

export function countShare(postId: string | null, channel: 'wechat' | 'link' | 'system' | 'poster'): void {
  if (currentMe()) void api.post('/community/{account_id}/shares', { body: { post_id: postId, channel } }).catch(() => undefined)
}
