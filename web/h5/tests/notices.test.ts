import { beforeEach, describe, expect, it, vi } from 'vitest'
import { answerOf, decline, declined } from '@/core/notices'

const kept = new Map<string, string>()
Object.assign(globalThis, {
  localStorage: { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value), removeItem: (name: string) => void kept.delete(name) },
})
const said = (status: string) => ({ errMsg: 'subscribe:ok', subscribeDetails: JSON.stringify({ t1: JSON.stringify({ status }), other: JSON.stringify({ status: 'accept' }) }) })

describe('what was answered to WeChat', () => {
  it.each([
    ['accept', 'accepted'],
    ['acceptWithAlert', 'accepted'],
    ['acceptWithAudio', 'accepted'],
    ['reject', 'refused'],
    ['cancel', 'cancelled'],
    ['ban', 'unavailable'],
    ['filter', 'unavailable'],
    ['something new', 'unknown'],
  ])('%s is %s', (status, answer) => expect(answerOf(said(status), 't1')).toBe(answer))

  it.each([null, {}, { subscribeDetails: '' }, { subscribeDetails: '{' }, { subscribeDetails: 'null' }, { subscribeDetails: '{"t1":3}' }, { subscribeDetails: '{"t2":"accept"}' }])(
    'is not guessed from %j',
    (detail) => expect(answerOf(detail, 't1')).toBe('unknown'),
  )

  it('is read from objects as well', () => expect(answerOf({ subscribeDetails: { t1: { status: 'accept' } } }, 't1')).toBe('accepted'))
})

describe('who said no', () => {
  beforeEach(() => kept.clear())

  it('is asked again after a day', () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 })
    expect(declined()).toBe(false)
    decline()
    expect(declined()).toBe(true)
    vi.advanceTimersByTime(24 * 3_600_000)
    expect(declined()).toBe(false)
    vi.useRealTimers()
  })
})
