/** Signing out and leaving: nothing of the member stays in this browser, and nothing of anybody else goes. */
import { discard, unsent } from '@/outbox'
import { accountId, api, base } from './api'
import { confirmed } from './asking'
import { queries } from './client'
import { forgetDrafts } from './drafts'
import { forgetKept } from './kept'
import { endSession, leftHere } from './session'
import { forgetAll } from './storage'
import { toastError } from './toast'

const lost = () => (unsent.value.length ? `还有 ${unsent.value.length} 条内容没有发出，会一起丢弃。` : '')

async function forgetMe(): Promise<void> {
  queries.clear()
  forgetDrafts()
  forgetAll(`searched.${accountId}`)
  await Promise.all([forgetKept(), ...unsent.value.map((entry) => discard(entry.key))])
  location.assign(base)
}

export async function signOut(): Promise<void> {
  if (lost() && !(await confirmed('退出登录？', `${lost()}连上网络等它们发出后再退出，就不会丢。`, '丢弃并退出'))) return
  await endSession()
  await forgetMe()
}

export async function leave(): Promise<void> {
  if (!(await confirmed('注销并删除我的内容？', `你的资料、帖子和回复会在几分钟内删除，不能恢复。${lost()}`, '永久注销'))) return
  try {
    await api.delete('/community/{account_id}/me')
  } catch (error) {
    return toastError(error)
  }
  leftHere(true)
  await forgetMe()
}
