import { expect, test } from 'vitest'
import { narrowed, queryOf, searchOf } from '@/core/searching'

test('a search stands in the address and comes back from it', () => {
  const search = { q: '门诊', board: 'square', topic: '健康讲座', by: 'm1', days: 7, pictured: true }
  const query = Object.fromEntries(Object.entries(queryOf(search)).map(([name, value]) => [name, String(value)]))
  expect(searchOf(query)).toEqual(search)
  expect(queryOf(searchOf({ q: '门诊' }))).toEqual({ q: '门诊' })
})

test('what an address makes up is no filter', () => {
  const search = searchOf({ q: ['  门诊 ', 'x'], days: '12', pictured: 'yes', topic: null })
  expect(search).toEqual({ q: '门诊', board: '', topic: '', by: '', days: null, pictured: false })
  expect(narrowed(search)).toBe(false)
})
