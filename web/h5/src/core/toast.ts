/** One line of feedback, read out by screen readers. */
import { readonly, ref } from 'vue'
import { Refused, Unreachable } from './api'
import { askedToFollow, FOLLOW_FIRST } from './session'

const shown = ref<{ text: string; tone: 'good' | 'bad'; id: number } | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined
let last = 0

export const toastShown = readonly(shown)

export function toast(text: string, tone: 'good' | 'bad' = 'good'): void {
  clearTimeout(timer)
  shown.value = { text, tone, id: ++last }
  // Longer texts need longer to read.
  timer = setTimeout(() => (shown.value = null), 1_800 + text.length * 90)
}

export function saying(error: unknown): string {
  if (error instanceof Refused || error instanceof Unreachable) return error.message
  return '出了点问题，请稍后重试。'
}

export function toastError(error: unknown): void {
  if (error instanceof Refused && error.problem.code === FOLLOW_FIRST) askedToFollow.value = {}
  toast(saying(error), 'bad')
}
