import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '@/core/api'
import { queries } from '@/core/client'
import { changePreferences } from '@/core/deeds'

/** A service that keeps the whole of what it is sent, and answers when it is told to. */
function service(first: Partial<Me>) {
  let now = { member_id: 'm1', signature: null, blocked_ids: [], muted_words: [], muted_notices: [], ...first } as unknown as Me
  const asked: string[] = []
  const waiting: (() => void)[] = []
  vi.stubGlobal('fetch', (_: string, { method, body }: { method: string; body?: string }) => {
    asked.push(method)
    return new Promise<Response>((resolve) =>
      waiting.push(() => {
        if (body) now = { ...now, ...(JSON.parse(body) as Partial<Me>) }
        resolve(Response.json(now))
      }),
    )
  })
  /** Let it answer until the work is done. */
  async function serve<T>(work: Promise<T>): Promise<T> {
    let done = false
    void work.finally(() => (done = true))
    while (!done) {
      waiting.shift()?.()
      await new Promise((resolve) => setTimeout(resolve))
    }
    return work
  }
  return { asked, serve, now: () => now, elsewhere: (change: Partial<Me>) => void (now = { ...now, ...change }) }
}

const adding = (word: string) => changePreferences((now) => ({ muted_words: [...now.muted_words, word] }), () => '')

describe('preferences', () => {
  beforeEach(() => queries.clear())

  it('keep both of two changes that are made at once', async () => {
    const { serve, now, asked } = service({})
    queries.setQueryData(['me'], now())
    const both = Promise.all([adding('一'), changePreferences((me) => ({ muted_notices: [...me.muted_notices, 'like'] }) as never, () => ''), adding('二')])
    expect(await serve(both)).toEqual([true, true, true])
    expect([now().muted_words, now().muted_notices]).toEqual([['一', '二'], ['like']])
    expect(asked).toEqual(['GET', 'PUT', 'PUT', 'PUT'])
    expect(queries.getQueryData<Me>(['me'])?.muted_words).toEqual(['一', '二'])
  })

  it('keep what was changed on another phone since this page asked', async () => {
    const { serve, now, elsewhere } = service({})
    queries.setQueryData(['me'], now())
    elsewhere({ blocked_ids: ['b1'] })
    expect(await serve(adding('一'))).toBe(true)
    expect([now().blocked_ids, now().muted_words]).toEqual([['b1'], ['一']])
  })

  it('go on after one that was refused', async () => {
    const { serve, now } = service({})
    const failing = changePreferences(() => {
      throw new Error('no')
    }, () => '')
    expect(await serve(Promise.all([failing, adding('一')]))).toEqual([false, true])
    expect(now().muted_words).toEqual(['一'])
  })
})
