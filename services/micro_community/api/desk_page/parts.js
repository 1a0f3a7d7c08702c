// What all parts of the desk have in common: who works at it, requests, and what is told to them.
export const base = location.pathname.replace(/\/desk\/?$/, '')
export const at = (id) => document.getElementById(id)
export const desk = { me: null, chat: null, signedOut: () => {} }

export function node(name, text, attributes = {}) {
  const made = document.createElement(name)
  // As text, whatever it says: followers write what they like.
  if (text) made.textContent = text
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

// Not randomUUID: browsers have that only on https, and a desk in the house may be reached without.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export class Refused extends Error {
  constructor(text, status) {
    super(text)
    this.status = status
  }
}

export async function ask(method, path, body, key) {
  const headers = { Accept: 'application/json' }
  if (method !== 'GET') headers['Idempotency-Key'] = key || newKey()
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const sent = body === undefined ? undefined : JSON.stringify(body)
  const asked = fetch(path, { method, headers, body: sent, signal: AbortSignal.timeout?.(20_000) })
  const answer = await asked.catch(() => { throw new Refused('连不上服务器，请检查网络后再试。', 0) })
  const found = answer.status === 204 ? null : await answer.json().catch(() => null)
  if (answer.ok) return found
  if (answer.status === 401 && desk.me) {
    desk.signedOut()
    throw new Refused('登录已过期，请重新登录。没有发出的内容还在。', 401)
  }
  throw new Refused(found?.detail || found?.title || `请求失败（${answer.status}），请稍后再试。`, answer.status)
}

export function say(text) { at('status').textContent = text }
export function complain(error) {
  say('')
  at('alert').textContent = error.message || String(error)
}

// One press is one act: until the answer is there, pressing again does nothing. A button that was really disabled
// would lose the focus, and who works by keyboard their place.
export async function act(button, work) {
  if (button.getAttribute('aria-disabled') === 'true') return
  button.setAttribute('aria-disabled', 'true')
  at('alert').textContent = ''
  try { await work() } catch (error) { complain(error) } finally { button.removeAttribute('aria-disabled') }
}

export function when(instant) {
  const parts = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }
  return new Date(instant).toLocaleString('zh-CN', parts)
}

// Answers may overtake each other: what was asked before something that is shown already comes too late.
export function latest() {
  let asked = 0, shown = 0
  return {
    ask: () => ++asked,
    late: (turn) => {
      if (turn < shown) return true
      shown = turn
      return false
    },
  }
}

// Shows the entries in their order and touches only what changed, so that a selection, an open menu and the focus
// survive the next look at the service.
export function fill(list, entries, keyOf, make) {
  const before = new Map([...list.children].map((one) => [one.dataset.shown, one]))
  const active = document.activeElement
  const focused = list.contains(active) ? active.closest('[data-key]')?.dataset.key : null
  const wanted = entries.map((entry) => {
    const shown = JSON.stringify(entry)
    const one = before.get(shown) || make(entry)
    one.dataset.shown = shown
    one.dataset.key = keyOf(entry)
    return one
  })
  for (const one of [...list.children]) if (!wanted.includes(one)) one.remove()
  wanted.forEach((one, place) => {
    if (list.children[place] !== one) list.insertBefore(one, list.children[place] || null)
  })
  if (focused && !list.contains(document.activeElement)) {
    wanted.find((one) => one.dataset.key === focused)?.querySelector('button')?.focus()
  }
}
