/** What makes a layer a dialog: all behind it is out of reach, Escape closes it, focus comes back afterwards. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** The layers that are open, the uppermost last. */
const layers: Ref<HTMLElement | undefined>[] = []

function settle(): void {
  document.getElementById('app')?.toggleAttribute('inert', layers.length > 0)
  for (const layer of layers) layer.value?.toggleAttribute('inert', layer !== layers.at(-1))
  document.documentElement.style.overflow = layers.length ? 'hidden' : ''
}

export function useModal(frame: Ref<HTMLElement | undefined>, close: () => void, focus?: () => HTMLElement | null | undefined): void {
  let before: Element | null = null
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || layers.at(-1) !== frame) return
    event.preventDefault()
    // The layer below has not been uppermost yet when this key reaches it.
    event.stopImmediatePropagation()
    close()
  }
  onMounted(() => {
    before = document.activeElement
    layers.push(frame)
    settle()
    addEventListener('keydown', onKey)
    // After the browser has laid it out; on iOS a keyboard opens only for a field that is already visible.
    requestAnimationFrame(() => (focus?.() ?? frame.value)?.focus({ preventScroll: true }))
  })
  onBeforeUnmount(() => {
    removeEventListener('keydown', onKey)
    const uppermost = layers.at(-1) === frame
    layers.splice(layers.indexOf(frame), 1)
    settle()
    if (uppermost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
  })
}
