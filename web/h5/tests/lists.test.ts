import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { changePost, queries } from '@/core/client'
import { gathered } from '@/core/gathering'
import { atEnd, inFront, type Pages } from '@/core/merging'
import type { Found, Post } from '@/core/api'

interface Page {
  items: string[]
  next_cursor: string | null
}
const page = (rows: string, next: string | null = 'more'): Page => ({ items: [...rows], next_cursor: next })
const held = (...pages: Page[]): Pages<Page> => ({ pages, pageParams: pages.map((_, place) => (place ? `c${place}` : null)) })
const rows = (of: Pages<Page>): string => of.pages.flatMap((one) => one.items).join('')
const same = (one: string): string => one

test('what is new stands in front, and nobody who has read on loses their place', () => {
  const before = held(page('hgf', 'c1'), page('edc', 'c2'), page('ba', null))
  const after = inFront(before, page('jih', 'x'), same)
  expect(rows(after)).toBe('jihgfedcba')
  expect(after.pages.map((one) => one.next_cursor)).toEqual(['c1', 'c2', null])
  expect(after.pageParams).toEqual(before.pageParams)
})

test('what the first page does not have any more has gone, on whatever page it stood', () => {
  const after = inFront(held(page('hgf', 'c1'), page('edc', 'c2')), page('igd', 'x'), same)
  expect(rows(after)).toBe('igdc')
})

test('a first page that meets nothing, or is all there is, stands alone', () => {
  expect(rows(inFront(held(page('cba', null)), page('zyx'), same))).toBe('zyx')
  expect(rows(inFront(held(page('cb', 'c1'), page('a', null)), page('c', null), same))).toBe('c')
  expect(rows(inFront(undefined, page('a', null), same))).toBe('a')
})

test('the last page takes the place of the last', () => {
  expect(rows(atEnd(held(page('ab', 'c1'), page('c', null)), page('cd', null)))).toBe('abcd')
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('many words within a moment are one run at once and one after', async () => {
  const run = vi.fn(() => Promise.resolve())
  const soon = gathered(run, 100)
  for (let times = 0; times < 20; times += 1) soon()
  expect(run).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(100)
  expect(run).toHaveBeenCalledTimes(2)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(run).toHaveBeenCalledTimes(2)
})

test('what comes while it runs is not missed, and a failure ends nothing', async () => {
  let finish = (): void => undefined
  const run = vi.fn(() => new Promise<void>((_, fail) => (finish = () => fail(new Error('no network')))))
  const soon = gathered(run, 100)
  soon()
  await vi.advanceTimersByTimeAsync(5_000)
  soon()
  expect(run).toHaveBeenCalledTimes(1)
  finish()
  await vi.advanceTimersByTimeAsync(0)
  expect(run).toHaveBeenCalledTimes(2)
})

test('a post that is gone or changed is so among the pinned and the found as well', () => {
  const post = { post_id: 'p', title: null, text: '旧的', author: {} } as unknown as Post
  const other = { ...post, post_id: 'q' }
  const found = (one: Post): Found => ({ post: one, title_hits: [], text_hits: [[0, 1]] })
  queries.setQueryData(['pinned'], [post, other])
  queries.setQueryData(['search', { q: '旧' }], { pages: [{ items: [found(post), found(other)], next_cursor: null }], pageParams: [null] })
  const pinned = () => queries.getQueryData<Post[]>(['pinned'])!.map((one) => one.text)
  const hits = () => queries.getQueryData<Pages<{ items: Found[] }>>(['search', { q: '旧' }])!.pages[0]!.items.map((one) => [one.post.text, one.text_hits])
  changePost('p', (one) => ({ ...one, text: '新的' }))
  expect(pinned()).toEqual(['新的', '旧的'])
  // In another text the words stand elsewhere.
  expect(hits()).toEqual([['新的', []], ['旧的', [[0, 1]]]])
  changePost('q', (one) => ({ ...one, like_count: 1 }))
  expect(hits()[1]).toEqual(['旧的', [[0, 1]]])
  changePost('p', () => null)
  expect(pinned()).toEqual(['旧的'])
  expect(hits()).toEqual([['旧的', [[0, 1]]]])
})
