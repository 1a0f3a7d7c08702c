/** Word between the tabs of a browser that what waits to be sent has changed. */
import { accountId, newKey } from '@/core/api'
import { remember } from '@/core/storage'

const NAME = `outbox.${accountId}`
let channel: BroadcastChannel | undefined

export function tellTabs(): void {
  if (channel) channel.postMessage(null)
  else remember(NAME, newKey())
}

export function hearTabs(act: () => void): void {
  if (typeof BroadcastChannel === 'function') {
    channel = new BroadcastChannel(`guanwei.${NAME}`)
    channel.onmessage = act
  } else window.addEventListener('storage', (event) => event.key === `guanwei.${NAME}` && act())
}
