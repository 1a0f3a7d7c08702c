/** 订阅通知: what somebody answered to WeChat's question, and whether it is time to ask. */
import { accountId } from './api'
import { remember, remembered } from './storage'

export type Answer = 'accepted' | 'refused' | 'cancelled' | 'unavailable' | 'unknown'

const ANSWERS: Record<string, Answer> = { reject: 'refused', cancel: 'cancelled', ban: 'unavailable', filter: 'unavailable' }
const DAY_MS = 24 * 3_600_000

export const SAID: Record<Answer, string> = {
  accepted: '已同意，稍后会增加 1 次微信通知',
  refused: '您选择了不接收微信通知',
  cancelled: '没有作出选择，微信通知没有变化',
  unavailable: '微信暂时不提供这个通知，请稍后再试',
  unknown: '微信没有说明结果，请稍后查看剩余次数',
}

/** WeChat writes JSON within JSON; what it does not say is not guessed. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** The answer about one template, from the `detail` of `<wx-open-subscribe>`'s event. */
export function answerOf(detail: unknown, templateId: string): Answer {
  const details = parsed((detail as { subscribeDetails?: unknown } | null)?.subscribeDetails)
  const mine = parsed((details as Record<string, unknown> | null)?.[templateId])
  const status = typeof mine === 'string' ? mine : (mine as { status?: unknown } | null)?.status
  if (typeof status !== 'string') return 'unknown'
  return status.startsWith('accept') ? 'accepted' : (ANSWERS[status] ?? 'unknown')
}

const NAME = `notices.declined.${accountId}`

/** Who said no is not asked again for a day. */
export const declined = (): boolean => Date.now() - Number(remembered(NAME) ?? 0) < DAY_MS
export const decline = (): void => void remember(NAME, String(Date.now()))
