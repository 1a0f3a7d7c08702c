/** Sheets over a page. An open sheet is an entry of the history (its name behind `#`), so that Android's back closes
 * the sheet and not the page. What is opened within a sheet has the sheet's name before its own: `#thread.picture-1`. */
import { computed, inject, onActivated, onDeactivated, ref, watch, type InjectionKey, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export interface SheetHandle {
  open: Readonly<Ref<boolean>>
  show: () => void
  hide: () => Promise<void>
}

/** Provided by a sheet that keeps open below what is opened within it. */
export const WITHIN: InjectionKey<string> = Symbol()

export function useSheet(own: string): SheetHandle {
  const outer = inject(WITHIN, '')
  const name = outer ? `${outer}.${own}` : own
  const shown = (hash: string) => hash === `#${name}` || hash.startsWith(`#${name}.`)
  const route = useRoute()
  const router = useRouter()
  const active = ref(true)
  const pushed = ref(false)
  onActivated(() => (active.value = true))
  onDeactivated(() => (active.value = false))
  const open = computed(() => active.value && pushed.value && shown(route.hash))
  watch(() => route.hash, (hash) => {
    if (!shown(hash)) pushed.value = false
  })
  function show(): void {
    pushed.value = true
    if (route.hash === `#${name}`) return
    const to = { path: route.path, query: route.query, hash: `#${name}` }
    // From one sheet to another: the same entry of the history.
    void (route.hash && route.hash !== `#${outer}` ? router.replace(to) : router.push(to))
  }
  function hide(): Promise<void> {
    if (!open.value) return Promise.resolve()
    return new Promise((resolve) => {
      const stop = router.afterEach(() => {
        stop()
        resolve()
      })
      router.back()
    })
  }
  return { open, show, hide }
}
