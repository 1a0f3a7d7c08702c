import 'vant/es/style/base.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shared.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './App.vue'
import { accountId } from './core/api'
import { queries } from './core/client'
import { enterSilently } from './core/session'
import { startLive } from './core/live'
import { countReturn } from './core/visits'
import { openOutbox } from './outbox'
import { router } from './router'

createApp(App).use(VueQueryPlugin, { queryClient: queries }).use(router).mount('#app')

if (accountId) {
  void enterSilently().then(openOutbox)
  // After the first list: a stream takes one of the few connections that a browser opens.
  setTimeout(startLive, 400)
  void countReturn(router)
}
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  const workers = navigator.serviceWorker
  addEventListener('load', () => void workers.register('/h5/sw.js', { scope: '/h5/' }).catch(() => undefined))
  // A page that was on its way when the worker claimed its pages was passed over: it asks once more.
  void workers.ready.then(({ active }) => workers.controller ?? active?.postMessage('claim'))
}
