/** A text as pieces: plain, topic, mention, link, hit. Pieces become text nodes, never markup. */
import type { Author } from './api'

export interface Piece {
  kind: 'text' | 'topic' | 'mention' | 'link' | 'hit'
  text: string
  /** Topic name, member id or address. */
  to?: string
}

interface Known {
  mentions?: readonly Author[]
  links?: readonly { url: string }[]
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export function piecesOf(text: string, known: Known = {}): Piece[] {
  const names = new Map((known.mentions ?? []).filter((one) => one.member_id).map((one) => [`@${one.nickname}`, one.member_id!]))
  // An address may be written without its scheme.
  const urls = new Map((known.links ?? []).flatMap(({ url }) => [[url.replace(/^https:\/\//, ''), url], [url, url]] as const))
  const longestFirst = [...names.keys(), ...urls.keys()].sort((a, b) => b.length - a.length).map(escaped)
  const pattern = new RegExp([...longestFirst, '#[^#\\s]{1,30}#'].join('|'), 'gu')
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(pattern)) {
    if (found.index > from) pieces.push({ kind: 'text', text: text.slice(from, found.index) })
    pieces.push(pieceOf(found[0], names, urls))
    from = found.index + found[0].length
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) })
  return pieces
}

function pieceOf(text: string, names: Map<string, string>, urls: Map<string, string>): Piece {
  const url = urls.get(text)
  if (url) return { kind: 'link', text, to: url }
  const member = names.get(text)
  return member ? { kind: 'mention', text, to: member } : { kind: 'topic', text, to: text.slice(1, -1) }
}

/** Hits are counted in characters, as the service counts them; JavaScript counts some characters twice. */
export function highlighted(text: string, hits: readonly (readonly [number, number])[]): Piece[] {
  const characters = Array.from(text)
  const pieces: Piece[] = []
  let from = 0
  for (const [start, end] of hits) {
    if (start < from) continue
    if (start > from) pieces.push({ kind: 'text', text: characters.slice(from, start).join('') })
    pieces.push({ kind: 'hit', text: characters.slice(start, end).join('') })
    from = end
  }
  if (from < characters.length) pieces.push({ kind: 'text', text: characters.slice(from).join('') })
  return pieces
}

/** The part around the first hit, so that a hit deep in a long text is seen; the hits move along. */
export function around(text: string, hits: readonly (readonly [number, number])[], length = 120): Piece[] {
  const first = hits[0]?.[0] ?? 0
  const start = Math.max(0, first - 30)
  const part = Array.from(text).slice(start, start + length)
  const moved = hits.map(([from, to]) => [from - start, Math.min(to - start, part.length)] as const).filter(([from]) => from >= 0 && from < part.length)
  const pieces = highlighted(part.join(''), moved)
  if (start > 0) pieces.unshift({ kind: 'text', text: '…' })
  return pieces
}
