/** Drafts: in this browser at every keystroke, on the service a moment later, for other phones. */
import { reactive, ref, watch } from 'vue'
import { accountId, api, type Picture } from './api'
import { currentMe, memberId } from './session'
import { forgetAll, remember, remembered } from './storage'

export interface DraftContent {
  title: string
  text: string
  board_id: string | null
  pictures: Picture[]
  at: number
}

const SYNC_MS = 2_500
const place = (slot: string) => `draft.${accountId}.${memberId() ?? 'guest'}.${slot}`
const empty = (): DraftContent => ({ title: '', text: '', board_id: null, pictures: [], at: 0 })

export function readDraft(slot: string): DraftContent {
  try {
    return { ...empty(), ...(JSON.parse(remembered(place(slot)) ?? '{}') as Partial<DraftContent>) }
  } catch {
    return empty()
  }
}

export function keepDraft(slot: string, draft: DraftContent): void {
  const blank = !draft.text && !draft.title && !draft.pictures.length
  remember(place(slot), blank ? null : JSON.stringify({ ...draft, at: Date.now() }))
}

export function dropDraft(slot: string): void {
  remember(place(slot), null)
  if (currentMe()) void api.delete('/community/{account_id}/me/drafts/{slot}', { path: { slot } }).catch(() => undefined)
}

export const forgetDrafts = (): void => forgetAll(`draft.${accountId}.`)

async function sync(slot: string, draft: DraftContent): Promise<void> {
  if (!currentMe() || (!draft.text && !draft.title)) return
  const body = { title: draft.title || null, text: draft.text, board_id: draft.board_id, picture_ids: draft.pictures.map((one) => one.picture_id) }
  await api.put('/community/{account_id}/me/drafts/{slot}', { path: { slot }, body }).catch(() => undefined)
}

/** A draft that keeps itself. `sent` ends it. */
export function useDraft(slot: string) {
  const draft = reactive(readDraft(slot))
  const restored = ref(Boolean(draft.text || draft.title))
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  watch(
    draft,
    () => {
      if (over) return
      keepDraft(slot, draft)
      clearTimeout(timer)
      timer = setTimeout(() => void sync(slot, draft), SYNC_MS)
    },
    { deep: true },
  )
  function sent(): void {
    over = true
    clearTimeout(timer)
    dropDraft(slot)
  }
  return { draft, restored, sent }
}
