/** What a composer works on: a draft, or what was refused and is changed where it lies. */
import { reactive, watch } from 'vue'
import { reattached, type Entry } from '@/outbox/entry'
import { retry, revise, send, unsentEntry, type Attached, type Made } from '@/outbox'
import { newKey } from './api'
import { usePictures } from './attaching'
import { nothingWritten, useDraft, type Written } from './drafts'

export interface Place {
  /** Of the draft. */
  slot: string
  /** The key of what was refused. */
  unsent?: string
  most: number
  made: (written: Written) => Made
}

export function useWriting({ slot, unsent, most, made }: Place) {
  const entry = unsent ? unsentEntry(unsent) : undefined
  const { draft, restored, lost, done } = entry ? useEntry(entry) : useDraft(slot)
  const pictures = usePictures(most, (found) => (draft.pictures = found))
  pictures.restore(entry ? reattached(entry) : draft.pictures.map((picture): Attached => ({ key: newKey(), blob: new Blob(), picture })))
  if (entry) keepRevised(() => revise(entry.key, made(draft), draft, pictures.attached()), () => [draft, pictures.list.map((one) => [one.key, one.picture])])

  /** Into the outbox; from there it goes by itself. What another tab has sent or thrown away meanwhile is a new one. */
  async function post(): Promise<void> {
    if (entry && unsentEntry(entry.key)) {
      await revise(entry.key, made(draft), draft, pictures.attached())
      void retry(entry.key)
    } else await send(made(draft), draft, pictures.attached())
    done()
  }
  return { draft, pictures, restored, lost, entry, post, done }
}

function useEntry(entry: Entry) {
  const draft: Written = reactive(writtenOf(entry))
  return { draft, restored: false, lost: entry.pictures.length - reattached(entry).length, done: () => undefined }
}

function writtenOf(entry: Entry): Written {
  if (entry.written) return JSON.parse(JSON.stringify(entry.written)) as Written
  const begun = { ...nothingWritten(), text: entry.body.text }
  if (entry.kind === 'reply') return begun
  const { title, board_id = null, quoted_post_id = null, poll = null } = entry.body
  return { ...begun, title: title ?? '', board_id, quoted_post_id, poll }
}

/** At every change, but one after the other: pictures lie in the entry as well. */
function keepRevised(revised: () => Promise<void>, of: () => unknown): void {
  let under: Promise<void> | undefined
  let again = false
  async function work(): Promise<void> {
    do {
      again = false
      await revised()
    } while (again)
    under = undefined
  }
  watch(
    of,
    () => {
      again = true
      under ??= work()
    },
    { deep: true },
  )
}
