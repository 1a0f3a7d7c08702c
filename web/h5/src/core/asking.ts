/** Questions that a sheet of the whole page asks: confirm, report, take down, mute. */
import { shallowRef } from 'vue'

export interface Target {
  kind: 'posts' | 'replies'
  id: string
  postId: string
  /** Of what was looked at: nothing else is let through. */
  version?: number
}

export type Question =
  | { kind: 'confirm'; title: string; text: string; yes: string; danger?: boolean; done: (yes: boolean) => void }
  | { kind: 'report'; target: Target }
  | { kind: 'take-down'; target: Target; reject?: boolean }
  | { kind: 'mute'; target: { memberId: string; name: string } }

export const question = shallowRef<Question | null>(null)
/** The sheet is shown by App.vue, which hands in how. */
let show: () => void = () => undefined
export const shownBy = (how: () => void): void => void (show = how)

export function asking(asked: Question): void {
  question.value = asked
  show()
}

export function confirmed(title: string, text: string, yes: string, danger = true): Promise<boolean> {
  return new Promise((done) => asking({ kind: 'confirm', title, text, yes, danger, done }))
}
