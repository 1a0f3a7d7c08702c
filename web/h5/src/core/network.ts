/** Whether there is a network, as far as a page can know. */
import { readonly, ref } from 'vue'

const isOnline = ref(navigator.onLine)
const isStale = ref(false)
export const online = readonly(isOnline)
/** What is shown was kept from an earlier visit. */
export const stale = readonly(isStale)
export const staleNow = (now: boolean): void => void (isStale.value = now)

addEventListener('online', () => (isOnline.value = true))
addEventListener('offline', () => (isOnline.value = false))
