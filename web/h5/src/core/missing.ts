/** Parts of the page that cannot be loaded: the page is older than a release, or there is no network. The first is mended by
 * loading the page anew, which is done once for each part; after that, people decide. */
import { ref } from 'vue'
import { isNavigationFailure, type Router } from 'vue-router'
import { firstTime } from './storage'

/** Where somebody wanted to go when a part was missing. */
export const missing = ref<string | null>(null)
let leaving = false

/** From the server, whether the address is another one or not. */
export function loadAnew(): void {
  leaving = true
  const wanted = new URL(missing.value ?? location.href, location.href)
  if (wanted.pathname + wanted.search === location.pathname + location.search) location.reload()
  else location.assign(wanted)
}

function lacking(address: string, error: unknown): void {
  if (leaving) return
  missing.value = address
  // Most browsers name the part.
  if (navigator.onLine && firstTime(`anew.${error}`)) loadAnew()
}

export function mindMissingParts(router: Router): void {
  let going: string | undefined
  router.beforeEach((to) => void (going = router.resolve(to).href))
  router.afterEach((_to, _from, failure) => {
    if (isNavigationFailure(failure)) return
    going = undefined
    missing.value = null
  })
  router.onError((error, to) => lacking(router.resolve(to).href, error))
  // Sheets and other parts beside the routes; of a route that is being opened it comes before the router's own word.
  addEventListener('vite:preloadError', (event) => lacking(going ?? location.href, (event as Event & { payload?: unknown }).payload))
}
