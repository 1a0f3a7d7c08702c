/** Answers that are shown again at once, and when there is no network. Only of this account, only a week old. */
import { accountId, Refused, Unreachable } from './api'
import { erase, eraseFrom, read, write } from './database'
import { staleNow } from './network'

const WEEK_MS = 7 * 86_400_000

interface Kept<T> {
  at: number
  answer: T
}

const keyOf = (name: string) => `${accountId}|${name}`

/** Rejections of storage mean: nothing kept. */
export async function kept<T>(name: string): Promise<T | undefined> {
  const found = await read<Kept<T>>('pages', keyOf(name)).catch(() => undefined)
  return found && Date.now() - found.at < WEEK_MS ? found.answer : undefined
}

export function keep(name: string, answer: unknown): void {
  write('pages', keyOf(name), { at: Date.now(), answer: JSON.parse(JSON.stringify(answer)) }).catch(() => undefined)
}

/** Ask, and keep the answer; without a network what was kept last. */
export async function keeping<T>(name: string, ask: () => Promise<T>): Promise<T> {
  try {
    const answer = await ask()
    staleNow(false)
    keep(name, answer)
    return answer
  } catch (error) {
    if (error instanceof Refused) erase('pages', keyOf(name)).catch(() => undefined)
    const before = error instanceof Unreachable ? await kept<T>(name) : undefined
    if (before === undefined) throw error
    staleNow(true)
    return before
  }
}

export const forgetKept = (): Promise<unknown> => eraseFrom('pages', keyOf('')).catch(() => undefined)
