/** What makes a layer a dialog: the page behind it is out of reach, Escape closes it, focus comes back afterwards. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

const layers: symbol[] = []

export function useModal(frame: Ref<HTMLElement | undefined>, close: () => void, focus?: () => HTMLElement | null | undefined): void {
  const me = Symbol()
  let before: Element | null = null
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || layers.at(-1) !== me) return
    event.preventDefault()
    close()
  }
  onMounted(() => {
    before = document.activeElement
    layers.push(me)
    document.getElementById('app')?.setAttribute('inert', '')
    document.documentElement.style.overflow = 'hidden'
    addEventListener('keydown', onKey)
    // After the browser has laid it out; on iOS a keyboard opens only for a field that is already visible.
    requestAnimationFrame(() => (focus?.() ?? frame.value)?.focus({ preventScroll: true }))
  })
  onBeforeUnmount(() => {
    removeEventListener('keydown', onKey)
    layers.splice(layers.indexOf(me), 1)
    if (layers.length) return
    document.getElementById('app')?.removeAttribute('inert')
    document.documentElement.style.overflow = ''
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
  })
}
