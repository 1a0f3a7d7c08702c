/** What is asked for many times within a moment is done once. */

const MOMENT_MS = 400

/** Runs at once; all that is asked for within the moment after, or while it runs, is one more run. */
export function gathered(run: () => Promise<unknown>, moment = MOMENT_MS): () => void {
  let busy = false
  let again = false

  async function go(): Promise<void> {
    busy = true
    again = false
    await Promise.allSettled([run(), new Promise((done) => setTimeout(done, moment))])
    busy = false
    if (again) void go()
  }
  return () => {
    if (busy) again = true
    else void go()
  }
}
