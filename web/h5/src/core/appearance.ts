/** Theme, type size and care mode: attributes of the document, remembered in this browser. */
import { computed, ref } from 'vue'
import { remember, remembered } from './storage'

export type Theme = 'system' | 'light' | 'dark'
const system = matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
system.addEventListener?.('change', (event) => {
  systemDark.value = event.matches
  apply()
})

export const theme = ref<Theme>((remembered('theme') as Theme | null) ?? 'system')
export const size = ref(remembered('size') ?? '1')
export const care = ref(remembered('care') === '1')
export const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value))

function apply(): void {
  const root = document.documentElement
  root.dataset.theme = dark.value ? 'dark' : 'light'
  root.dataset.size = size.value
  root.toggleAttribute('data-care', care.value)
}

export function choose(change: { theme?: Theme; size?: string; care?: boolean }): void {
  theme.value = change.theme ?? theme.value
  size.value = change.size ?? size.value
  care.value = change.care ?? care.value
  remember('theme', theme.value === 'system' ? null : theme.value)
  remember('size', size.value === '1' ? null : size.value)
  remember('care', care.value ? '1' : null)
  apply()
}

apply()
