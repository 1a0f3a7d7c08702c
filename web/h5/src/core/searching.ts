/** What is searched for, and among what: it all stands in the address, so that back and a reload find it again. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

export interface Search {
  q: string
  board: string
  topic: string
  /** Id of the author. */
  by: string
  days: number | null
  pictured: boolean
}

export const DAYS: [number | null, string][] = [
  [null, '全部时间'],
  [7, '一周内'],
  [30, '一月内'],
]
const one = (query: LocationQuery, name: string): string => String([query[name]].flat()[0] ?? '').trim()

export function searchOf(query: LocationQuery): Search {
  const days = Number(one(query, 'days'))
  return {
    q: one(query, 'q').slice(0, 60),
    board: one(query, 'board'),
    topic: one(query, 'topic'),
    by: one(query, 'by'),
    days: DAYS.some(([count]) => count === days) ? days : null,
    pictured: one(query, 'pictured') === '1',
  }
}

export const queryOf = (search: Search): LocationQueryRaw => ({
  q: search.q || undefined,
  board: search.board || undefined,
  topic: search.topic || undefined,
  by: search.by || undefined,
  days: search.days ?? undefined,
  pictured: search.pictured ? '1' : undefined,
})

export const narrowed = (search: Search): boolean => Boolean(search.board || search.topic || search.by || search.days || search.pictured)
