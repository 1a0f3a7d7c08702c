import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { noteReading } from '@/core/reading'

describe('how far somebody has read', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function noting(known: number | null = null) {
    const sent: number[] = []
    const state = { signedIn: true, online: true }
    const note = noteReading(
      () => known,
      () => state.signedIn,
      (floor) => {
        sent.push(floor)
        return state.online ? Promise.resolve() : Promise.reject(new Error('offline'))
      },
    )
    return { note, sent, state }
  }

  it('is noted a moment later, once for all that was seen', () => {
    const { note, sent } = noting()
    for (const floor of [1, 3, 2]) note.seen(floor)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(2_000)
    expect(sent).toEqual([3])
    note.seen(2)
    vi.advanceTimersByTime(2_000)
    expect(sent).toEqual([3])
  })

  it('is noted at once when the page is put away, and not once more when it is closed', () => {
    const { note, sent } = noting()
    note.seen(3)
    expect(note.now()).toBe(3)
    expect(note.now()).toBe(3)
    vi.advanceTimersByTime(5_000)
    expect(sent).toEqual([3])
  })

  it('is noted again when it did not arrive', async () => {
    const { note, sent, state } = noting()
    state.online = false
    note.seen(3)
    note.now()
    await vi.advanceTimersByTimeAsync(0)
    state.online = true
    note.now()
    expect(sent).toEqual([3, 3])
  })

  it('never goes back behind what the service knows, and is nobody\'s while nobody is signed in', () => {
    const { note, sent } = noting(5)
    note.seen(4)
    note.now()
    const guest = noting()
    guest.state.signedIn = false
    guest.note.seen(4)
    expect(guest.note.now()).toBe(0)
    expect([...sent, ...guest.sent]).toEqual([])
  })
})
