import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { KeptDraft, Me, Picture } from '@/core/api'
import { queries } from '@/core/client'
import { nothingWritten, ownDrafts, takeDraft, useDraft, type Draft } from '@/core/drafts'
import { remember, remembered } from '@/core/storage'

const methods = {
  getItem(this: Record<string, string>, name: string) {
    return this[name] ?? null
  },
  setItem(this: Record<string, string>, name: string, value: string) {
    this[name] = value
  },
  removeItem(this: Record<string, string>, name: string) {
    delete this[name]
  },
}
const HOUR_MS = 3_600_000
const NOW = Date.parse('2026-06-01T12:00:00Z')
const at = (hours: number) => NOW + hours * HOUR_MS
const picture = (picture_id: string) => ({ picture_id, thumb: '', large: '', width: 1, height: 1 }) satisfies Picture
const put = (owner: string, slot: string, draft: Partial<Draft>) => remember(`draft.a.${owner}.${slot}`, JSON.stringify({ ...nothingWritten(), at: NOW, ...draft }))
const told = (content: object, more: Partial<KeptDraft> = {}): KeptDraft => ({ slot: 'post', content: { ...content }, pictures: [], mentions: [], at: new Date(NOW).toISOString(), ...more })
const asked: [string, string, unknown][] = []

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  vi.stubGlobal('localStorage', Object.create(methods))
  vi.stubGlobal('fetch', (address: string, { method, body }: RequestInit) => {
    asked.push([String(method), address, body && (JSON.parse(String(body)) as unknown)])
    return Promise.resolve(new Response(null, { status: 204 }))
  })
  asked.length = 0
  queries.clear()
  return () => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  }
})

/** A while after a change. */
async function synced(): Promise<void> {
  await nextTick()
  await vi.advanceTimersByTimeAsync(5_000)
}
const member = () => queries.setQueryData(['me'], { member_id: 'm1' } as Me)

describe('what a guest wrote', () => {
  it('is theirs who signs in', () => {
    put('guest', 'post', { text: '先写的话', board_id: 'b' })
    member()
    expect(useDraft('post').draft).toMatchObject({ text: '先写的话', board_id: 'b' })
    expect(remembered('draft.a.guest.post')).toBeNull()
  })

  it('takes the place of what is older, which stays beside it', () => {
    put('m1', 'post', { text: '早些的', at: at(-2) })
    put('guest', 'post', { text: '晚些的', at: at(-1) })
    member()
    expect(useDraft('post').draft.text).toBe('晚些的')
    expect([...ownDrafts()].map(([slot, draft]) => [slot, draft.text])).toEqual(expect.arrayContaining([[`post-${at(-2)}`, '早些的']]))
  })

  it('stays beside what is newer', () => {
    put('m1', 'post', { text: '晚些的', at: at(-1) })
    put('guest', 'post', { text: '早些的', at: at(-2) })
    member()
    expect(useDraft('post').draft.text).toBe('晚些的')
    expect(useDraft(`post-${at(-2)}`).draft.text).toBe('早些的')
  })
})

describe('a draft of the service', () => {
  beforeEach(() => void member())

  it('takes the place of one that it knows', () => {
    put('m1', 'post', { text: '这里的', synced: true, at: at(1) })
    takeDraft(told({ title: null, text: '那里的' }, { pictures: [picture('p1')] }))
    expect(useDraft('post').draft).toMatchObject({ title: '', text: '那里的', pictures: [{ picture_id: 'p1' }] })
  })

  it.each([
    [1, '这里的'],
    [-1, '那里的'],
  ])('and one that it does not know: the newer wins (%i h)', (hours, text) => {
    put('m1', 'post', { text: '这里的', at: at(hours) })
    takeDraft(told({ text: '那里的' }))
    expect(useDraft('post').draft.text).toBe(text)
  })

  it('says how many of its pictures are lost', () => {
    takeDraft(told({ text: '那里的', picture_ids: ['p1', 'p2'] }, { pictures: [picture('p2')] }))
    expect(useDraft('post').lost).toBe(1)
    expect(useDraft('post').lost).toBe(0)
  })
})

describe('a draft', () => {
  beforeEach(() => void member())

  it('leaves out pictures that are too old, and says so once', () => {
    put('m1', 'post', { text: '隔夜的', pictures: [{ ...picture('old'), uploaded: at(-12) }, { ...picture('new'), uploaded: at(-1) }] })
    const opened = useDraft('post')
    expect([opened.lost, opened.draft.pictures.map((one) => one.picture_id)]).toEqual([1, ['new']])
    expect(useDraft('post').lost).toBe(0)
  })

  it('is told with all that belongs to it, pictures alone as well', async () => {
    const { draft } = useDraft('post')
    draft.pictures = [picture('p1')]
    draft.poll = { options: ['甲', ''], multiple: true, closes_at: '2026-06-08T00:00:00Z' }
    draft.quoted_post_id = 'q1'
    await synced()
    expect(asked).toMatchObject([['PUT', '/community/a/me/drafts/post', { text: '', picture_ids: ['p1'], quoted_post_id: 'q1', poll: { options: ['甲', ''], multiple: true } }]])
    expect(ownDrafts().size).toBe(0)
  })

  it('is dropped from the service when it is cleared, and not when there was none', async () => {
    const { draft } = useDraft('post')
    draft.quoted_post_id = 'q1'
    await synced()
    expect(asked).toEqual([])
    draft.text = '写了'
    await synced()
    draft.text = ''
    await synced()
    expect(asked.map(([method]) => method)).toEqual(['PUT', 'DELETE'])
    expect(remembered('draft.a.m1.post')).toBeNull()
  })
})
