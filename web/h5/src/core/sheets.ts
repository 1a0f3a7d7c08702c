/** Sheets over a page. An open sheet is an entry of the history (its name behind `#`), so that Android's back closes
 * the sheet and not the page. */
import { computed, onActivated, onDeactivated, ref, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export interface SheetHandle {
  open: Readonly<Ref<boolean>>
  show: () => void
  hide: () => Promise<void>
}

export function useSheet(name: string): SheetHandle {
  const route = useRoute()
  const router = useRouter()
  const active = ref(true)
  const pushed = ref(false)
  onActivated(() => (active.value = true))
  onDeactivated(() => (active.value = false))
  const open = computed(() => active.value && pushed.value && route.hash === `#${name}`)
  watch(() => route.hash, (hash) => {
    if (hash !== `#${name}`) pushed.value = false
  })
  function show(): void {
    pushed.value = true
    if (route.hash === `#${name}`) return
    const to = { path: route.path, query: route.query, hash: `#${name}` }
    // From one sheet to another: the same entry of the history.
    void (route.hash ? router.replace(to) : router.push(to))
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
