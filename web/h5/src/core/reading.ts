/** How far somebody has read. */

const NOTE_MS = 1_500

/**
 * Notes the highest floor that was seen: a moment after the first, or at once when asked to. `known` is what the service
 * has already; `may`: false while nobody is signed in.
 */
export function noteReading(known: () => number | null | undefined, may: () => boolean, put: (floor: number) => Promise<unknown>) {
  let highest = 0
  let noted = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Answers what was noted last; 0: nothing. */
  function now(): number {
    clearTimeout(timer)
    timer = undefined
    if (may() && highest > Math.max(noted, known() ?? -1)) {
      const before = noted
      noted = highest
      // What did not arrive is noted with the next floor, or when the page is left.
      put(highest).catch(() => (noted = before))
    }
    return noted
  }

  function seen(floor: number): void {
    highest = Math.max(highest, floor)
    timer ??= setTimeout(now, NOTE_MS)
  }
  return { seen, now }
}
