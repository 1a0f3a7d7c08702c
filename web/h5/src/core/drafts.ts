/** Drafts: in this browser at every keystroke, on the service a moment later, for other phones. */
import { reactive, watch } from 'vue'
import { accountId, api, type Author, type KeptDraft, type NewPost } from './api'
import type { Uploaded } from './pictures'
import { currentMe, memberId } from './session'
import { forgetAll, remember, remembered, rememberedNames } from './storage'

/** Something that is being written, as its composer shows it. */
export interface Written {
  title: string
  text: string
  board_id: string | null
  pictures: Uploaded[]
  mentions: Author[]
  quoted_post_id: string | null
  poll: NonNullable<NewPost['poll']> | null
  /** As the field has it, in local time; '' while none is chosen; null: at once. */
  publish_at: string | null
}

export interface Draft extends Written {
  /** When it was last changed, by the clock of where that was; 0: never. */
  at: number
  /** Whether the service has it so. */
  synced: boolean
  /** How many pictures it had that cannot be used any more. */
  lost: number
}

const SYNC_MS = 2_500
/** The service takes a picture for twelve hours after its upload; writing on takes some of them. */
const USABLE_MS = 11.5 * 3_600_000
const GUEST = 'guest'
const here = (): string => memberId() ?? GUEST
const place = (owner: string, slot: string) => `draft.${accountId}.${owner}.${slot}`

export const nothingWritten = (): Written => ({ title: '', text: '', board_id: null, pictures: [], mentions: [], quoted_post_id: null, poll: null, publish_at: null })
export const isBlank = (draft: Written): boolean =>
  !draft.text.trim() && !draft.title.trim() && !draft.pictures.length && !draft.poll?.options.some((option) => option.trim())

/** Whom the text still names. */
export const namedIn = (written: Written): string[] => written.mentions.filter((person) => written.text.includes(`@${person.nickname}`)).map((person) => person.member_id!)

function read(owner: string, slot: string): Draft {
  const empty = { ...nothingWritten(), at: 0, synced: false, lost: 0 }
  try {
    return { ...empty, ...(JSON.parse(remembered(place(owner, slot)) ?? '{}') as Partial<Draft>) }
  } catch {
    return empty
  }
}

function store(owner: string, slot: string, draft: Draft): void {
  remember(place(owner, slot), isBlank(draft) && !draft.lost ? null : JSON.stringify(draft))
}

/** Without the pictures that were uploaded too long ago. */
function usable(draft: Draft): Draft {
  const pictures = draft.pictures.filter((one) => Date.now() - (one.uploaded ?? draft.at) < USABLE_MS)
  return { ...draft, pictures, lost: draft.lost + draft.pictures.length - pictures.length }
}

/** What a guest wrote here is theirs who signs in. Of two the later one takes the place; an earlier post stays beside it. */
function adopt(): void {
  const member = memberId()
  for (const slot of member ? rememberedNames(place(GUEST, '')) : []) {
    const [earlier, later] = [read(member!, slot), read(GUEST, slot)].sort((a, b) => a.at - b.at) as [Draft, Draft]
    store(member!, slot, later)
    if (slot === 'post' && !isBlank(earlier) && earlier.text !== later.text) store(member!, `post-${earlier.at}`, earlier)
    remember(place(GUEST, slot), null)
  }
}

/** The drafts of whoever looks that this browser has and the service has not. */
export function ownDrafts(): Map<string, Draft> {
  adopt()
  const slots = rememberedNames(place(here(), ''))
  return new Map(slots.map((slot) => [slot, read(here(), slot)] as const).filter(([, draft]) => !draft.synced && !isBlank(draft)))
}

/** A draft of the service takes its place here, unless what is here was changed later and not told yet. */
export function takeDraft({ slot, at, content, ...kept }: KeptDraft): void {
  const held = read(here(), slot)
  const since = Date.parse(at)
  if (!isBlank(held) && !held.synced && held.at > since) return
  const { picture_ids, publish_at, ...same } = content as Partial<Written> & { picture_ids?: string[] }
  const lost = (picture_ids?.length ?? 0) - kept.pictures.length
  const written = { ...nothingWritten(), ...same, title: same.title ?? '', publish_at: publish_at ? localTime(new Date(publish_at)) : null, ...kept }
  store(here(), slot, { ...written, at: since, synced: true, lost })
}

/** As a field for date and time has it. */
function localTime(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function dropDraft(slot: string, owner = here()): void {
  remember(place(owner, slot), null)
  if (currentMe()) void api.delete('/community/{account_id}/me/drafts/{slot}', { path: { slot } }).catch(() => undefined)
}

export const forgetDrafts = (): void => forgetAll(`draft.${accountId}.`)

async function sync(owner: string, slot: string, draft: Draft): Promise<void> {
  if (currentMe()?.member_id !== owner) return
  const { title, text, board_id, quoted_post_id, poll, publish_at } = draft
  const body = {
    title: title || null,
    text,
    board_id,
    picture_ids: draft.pictures.map((one) => one.picture_id),
    mentions: namedIn(draft),
    quoted_post_id,
    poll,
    publish_at: publish_at ? new Date(publish_at).toISOString() : null,
  }
  await api.put('/community/{account_id}/me/drafts/{slot}', { path: { slot }, body })
  // What was written meanwhile has not been told.
  if (read(owner, slot).at === draft.at) store(owner, slot, { ...draft, synced: true })
}

/** A draft that keeps itself. `done` ends it. */
export function useDraft(slot: string) {
  adopt()
  const owner = here()
  const { at, synced, lost, ...written } = usable(read(owner, slot))
  const draft: Written = reactive(written)
  const restored = !isBlank(draft)
  // It is said once.
  if (lost) store(owner, slot, { ...written, at, synced, lost: 0 })
  let told = at > 0
  let timer: ReturnType<typeof setTimeout> | undefined
  function tell(changed: Draft): void {
    // What was never told need not be taken back.
    if (!isBlank(changed)) void sync(owner, slot, changed).catch(() => undefined)
    else if (told) dropDraft(slot, owner)
    told = !isBlank(changed)
  }
  const stop = watch(
    draft,
    () => {
      const changed = { ...draft, at: Date.now(), synced: false, lost: 0 }
      store(owner, slot, changed)
      clearTimeout(timer)
      timer = setTimeout(() => tell(changed), SYNC_MS)
    },
    { deep: true },
  )
  function done(): void {
    stop()
    clearTimeout(timer)
    dropDraft(slot, owner)
  }
  return { draft, restored, lost, done }
}
