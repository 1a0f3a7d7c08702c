import { describe, expect, it } from 'vitest'
import { Refused, Unreachable, type Picture, type Post } from '@/core/api'
import { attempt, renewed, type Entry, type PostEntry, type Wire } from '@/outbox/entry'

const picture = (picture_id: string) => ({ picture_id }) as Picture
const refusal = (status: number, code: string) => new Refused({ code, status, detail: '不行' })

function entry(more: Partial<PostEntry> = {}): PostEntry {
  return { key: 'k1', account: 'a', member: 'm', at: 0, pictures: [], state: 'waiting', problem: '', code: '', attempts: 0, kind: 'post', body: { text: '你好', picture_ids: [], mentions: [] }, ...more }
}

/** A service and a store that keep what they were given, in order. */
function wired(send: (entry: Entry) => Promise<Post>) {
  const log: string[] = []
  const stored = new Map<string, string>()
  const wire: Wire = {
    upload: async (_, key) => {
      log.push(`upload ${key}`)
      return picture(`p-${key}`)
    },
    send: async (sent) => {
      log.push(`send ${sent.key} ${(sent.body.picture_ids ?? []).join()}`)
      return send(sent)
    },
    keep: async (kept) => {
      log.push('keep')
      stored.set(kept.key, JSON.stringify(kept))
    },
    drop: async (key) => {
      log.push(`drop ${key}`)
      stored.delete(key)
    },
  }
  return { wire, log, stored }
}

const made = async () => ({ post_id: 'x', state: 'visible' }) as Post

describe('an attempt', () => {
  it('is dropped from the store only after it was sent', async () => {
    const { wire, log } = wired(made)
    expect((await attempt(entry(), wire)).result).toBe('sent')
    expect(log).toEqual(['send k1 ', 'drop k1'])
  })

  it('stores the ids of pictures before the body names them, so that the body of a key never changes', async () => {
    const { wire, log, stored } = wired(async () => {
      throw new Unreachable()
    })
    const one = entry({ pictures: [{ key: 'a', blob: new Blob(['1']), picture: null }, { key: 'b', blob: new Blob(['2']), picture: null }] })
    expect((await attempt(one, wire)).result).toBe('later')
    expect(log).toEqual(['upload a', 'keep', 'upload b', 'keep', 'keep', 'send k1 p-a,p-b'])
    expect(JSON.parse(stored.get('k1')!).body.picture_ids).toEqual(['p-a', 'p-b'])
    await attempt(one, wire)
    expect(log.slice(6)).toEqual(['send k1 p-a,p-b'])
  })

  it('counts as sent whatever the store says, and its pictures go without a store', async () => {
    const { wire } = wired(made)
    const broken = async () => {
      throw new Error('the store is closed')
    }
    const one = entry({ pictures: [{ key: 'a', blob: new Blob(['1']), picture: null }] })
    expect((await attempt(one, { ...wire, keep: broken, drop: broken })).result).toBe('sent')
    const two = entry()
    const refusing = { ...wire, send: async () => Promise.reject(refusal(422, 'micro_community.word_blocked')), keep: broken }
    expect((await attempt(two, refusing)).result).toBe('refused')
  })

  it.each([new Unreachable(), new Unreachable(503), refusal(429, 'micro_community.too_fast')])('waits after %s', async (error) => {
    const { wire, log } = wired(async () => {
      throw error
    })
    const one = entry()
    expect((await attempt(one, wire)).result).toBe('later')
    expect([one.state, one.key]).toEqual(['waiting', 'k1'])
    expect(log).not.toContain('drop k1')
  })

  it('waits for signing in when the session is over', async () => {
    const { wire } = wired(async () => {
      throw refusal(401, 'auth.unauthenticated')
    })
    const one = entry()
    expect((await attempt(one, wire)).result).toBe('signed_out')
    expect(one.state).toBe('waiting')
  })

  it('keeps what was refused, with the reason', async () => {
    const { wire, stored } = wired(async () => {
      throw refusal(422, 'micro_community.word_blocked')
    })
    expect((await attempt(entry(), wire)).result).toBe('refused')
    expect(JSON.parse(stored.get('k1')!)).toMatchObject({ state: 'refused', problem: '不行', code: 'micro_community.word_blocked' })
  })
})

describe('a refused entry', () => {
  it('gets a new key, for a refusal stored nothing', () => {
    const again = renewed(entry({ state: 'refused', code: 'micro_community.text_too_long' }))
    expect(again.state).toBe('waiting')
    expect(again.key).not.toBe('k1')
  })

  it('uploads its pictures anew when those had become unusable', () => {
    const old = { key: 'a', blob: new Blob(['1']), picture: picture('gone') }
    const again = renewed(entry({ state: 'refused', code: 'micro_community.picture_unusable', pictures: [old] }))
    expect(again.pictures[0]).toMatchObject({ picture: null, blob: old.blob })
    expect(again.pictures[0]!.key).not.toBe('a')
  })

  it('stays, and says so, when its pictures are unusable and not here any more', () => {
    const attached = [{ key: 'a', blob: new Blob(), picture: picture('gone') }, { key: 'b', blob: new Blob(['2']), picture: picture('old') }]
    const again = renewed(entry({ state: 'refused', code: 'micro_community.picture_unusable', pictures: attached }))
    expect(again).toMatchObject({ key: 'k1', state: 'refused', code: '', pictures: [{ blob: attached[1]!.blob, picture: null }] })
    expect(again.problem).toContain('图片已失效')
    expect(renewed(again)).toMatchObject({ state: 'waiting', problem: '' })
  })
})
