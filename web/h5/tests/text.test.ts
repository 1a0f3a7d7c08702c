import { describe, expect, it } from 'vitest'
import { around, highlighted, piecesOf } from '@/core/text'
import { ago } from '@/core/time'

const said = (pieces: { text: string }[]) => pieces.map((piece) => piece.text)

describe('pieces of a text', () => {
  it('finds topics, members and allowed addresses, and nothing else', () => {
    const person = { member_id: 'm1', nickname: '小满爱散步', avatar_url: null, official: false, moderator: false, level: 1 }
    const links = [{ url: 'https://mp.weixin.qq.com/s/1' }]
    const text = '@小满爱散步 看 https://mp.weixin.qq.com/s/1 #一起跑步# @别人 https://evil.example'
    const pieces = piecesOf(text, { mentions: [person], links })
    expect(pieces.filter((piece) => piece.kind !== 'text').map((piece) => [piece.kind, piece.to])).toEqual([
      ['mention', 'm1'],
      ['link', 'https://mp.weixin.qq.com/s/1'],
      ['topic', '一起跑步'],
    ])
    expect(said(pieces).join('')).toBe(text)
  })

  it('links an address that is written without its scheme', () => {
    const links = [{ url: 'https://mp.weixin.qq.com/s/1' }]
    expect(piecesOf('看 mp.weixin.qq.com/s/1 吧', { links })).toEqual([
      { kind: 'text', text: '看 ' },
      { kind: 'link', text: 'mp.weixin.qq.com/s/1', to: 'https://mp.weixin.qq.com/s/1' },
      { kind: 'text', text: ' 吧' },
    ])
  })

  it('takes names for names, not for patterns', () => {
    const person = { member_id: 'm1', nickname: '(.*)+', avatar_url: null, official: false, moderator: false, level: 1 }
    expect(piecesOf('都看 @(.*)+ 吧', { mentions: [person] })[1]).toMatchObject({ kind: 'mention', text: '@(.*)+' })
  })
})

describe('hits', () => {
  it('are counted in characters, also behind an emoji', () => {
    expect(said(highlighted('😀去医院', [[2, 4]]))).toEqual(['😀去', '医院'])
  })

  it('deep in a text are brought into view', () => {
    const pieces = around('字'.repeat(200) + '医院' + '字'.repeat(200), [[200, 202]], 60)
    expect(pieces[0]!.text).toBe('…')
    expect(pieces.find((piece) => piece.kind === 'hit')!.text).toBe('医院')
  })
})

it('says times as people do', () => {
  const now = new Date(2026, 10, 26, 12, 0)
  expect(ago(new Date(2026, 10, 26, 11, 59, 30).toISOString(), now)).toBe('刚刚')
  expect(ago(new Date(2026, 10, 26, 11, 55).toISOString(), now)).toBe('5分钟前')
  expect(ago(new Date(2026, 10, 25, 23, 30).toISOString(), now)).toBe('昨天 23:30')
  expect(ago(new Date(2026, 4, 1).toISOString(), now)).toBe('05-01')
  expect(ago(new Date(2025, 4, 1).toISOString(), now)).toBe('2025-05-01')
})
