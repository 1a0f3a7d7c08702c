/** A page that was asked for anew takes its place among those that are held, and nobody loses theirs. */
import type { InfiniteData } from '@tanstack/vue-query'

export interface Part<T> {
  items: T[]
  next_cursor?: string | null
}

export type Pages<P> = InfiniteData<P, string | null>

/** The first page: what is new stands in front. When so much is new that something may lie between, it stands alone. */
export function inFront<T, P extends Part<T>>(held: Pages<P> | undefined, page: P, idOf: (one: T) => string): Pages<P> {
  const before = held?.pages.flatMap((one) => one.items) ?? []
  const fresh = new Set(page.items.map(idOf))
  // Up to here the page says what there is; what it does not have has gone.
  let covered = before.reduce((last, one, place) => (fresh.has(idOf(one)) ? place + 1 : last), 0)
  if (!held || !covered || !page.next_cursor) return { pages: [page], pageParams: [null] }
  const pages = held.pages.map((one) => {
    const items = one.items.slice(covered)
    covered = Math.max(0, covered - one.items.length)
    return { ...one, items }
  })
  pages[0] = { ...page, items: [...page.items, ...pages[0]!.items], next_cursor: held.pages[0]!.next_cursor }
  return { ...held, pages }
}

/** The last page once more. */
export const atEnd = <P>(held: Pages<P>, page: P): Pages<P> => ({ ...held, pages: [...held.pages.slice(0, -1), page] })
