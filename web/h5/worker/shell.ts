/// <reference lib="webworker" />
/** Service worker: the shell (document, scripts, styles) from the cache, so that the page opens without a network.
 * Answers of the service are never kept here; the page keeps the few that it may show again. */
export {}
declare const __FILES__: string[]
declare const __VERSION__: string
const worker = self as unknown as ServiceWorkerGlobalScope
const NAME = `shell-${__VERSION__}`
const DOCUMENT = '/h5/shell'

async function fill(): Promise<void> {
  const cache = await caches.open(NAME)
  await Promise.all(__FILES__.map((file) => cache.add(file).catch(() => cache.add(file))))
  const document = await fetch(DOCUMENT, { cache: 'no-store' })
  if (!document.ok) throw new Error(`the document answered ${document.status}`)
  await cache.put(DOCUMENT, document)
}

async function tidy(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('shell-') && name !== NAME).map((name) => caches.delete(name)))
  await worker.clients.claim()
}

/** The document of the network while it answers in time; else the kept one, which fits the kept scripts. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.match(DOCUMENT, { cacheName: NAME })
  if (!kept) return fetch(request)
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, 1500))
  const fresh = await Promise.race([fetch(request).catch(() => undefined), patience])
  return fresh?.ok ? fresh : kept
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request.url)) ?? fetch(request)
}

worker.addEventListener('install', (event) => event.waitUntil(fill().then(() => worker.skipWaiting())))
worker.addEventListener('activate', (event) => event.waitUntil(tidy()))
worker.addEventListener('message', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith('/h5/')) return
  if (event.request.mode === 'navigate') event.respondWith(page(event.request))
  else if (url.pathname.startsWith('/h5/assets/')) event.respondWith(asset(event.request))
})
