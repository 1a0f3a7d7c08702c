/** Times as people say them. */
const MINUTE = 60_000
const two = (value: number) => String(value).padStart(2, '0')
const clock = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}`
const day = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

export function ago(instant: string, now = new Date()): string {
  const at = new Date(instant)
  const passed = now.getTime() - at.getTime()
  if (passed < MINUTE) return '刚刚'
  if (passed < 60 * MINUTE) return `${Math.floor(passed / MINUTE)}分钟前`
  const days = Math.round((day(now) - day(at)) / 86_400_000)
  if (days <= 0) return `${Math.floor(passed / (60 * MINUTE))}小时前`
  if (days === 1) return `昨天 ${clock(at)}`
  if (days < 7) return `${days}天前`
  const monthDay = `${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return at.getFullYear() === now.getFullYear() ? monthDay : `${at.getFullYear()}-${monthDay}`
}

export function exactly(instant: string): string {
  const at = new Date(instant)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(at)}`
}

/** 1234 → 1234, 12345 → 1.2万 */
export const short = (count: number): string => (count < 10_000 ? String(count) : `${(count / 10_000).toFixed(1).replace(/\.0$/, '')}万`)

export function lasting(seconds: number): string {
  if (seconds < 3_600) return `${Math.max(1, Math.ceil(seconds / 60))} 分钟`
  if (seconds < 86_400) return `${Math.ceil(seconds / 3_600)} 小时`
  return `${Math.ceil(seconds / 86_400)} 天`
}
