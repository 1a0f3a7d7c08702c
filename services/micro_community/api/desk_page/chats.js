// The list of chats: who waits, who is talked with, what is settled.
import { ask, at, base, desk, fill, latest, node, say, when } from './parts.js'
import { open } from './talk.js'

const NOBODY = {
  waiting: '没有等待接入的会话。粉丝在公众号里发消息后，会话就会出现在这里。',
  assigned: '没有正在接待的会话。在“待接入”里接入一个会话，就会出现在这里。',
  closed: '没有已结束的会话。',
}
const PAGE = 30
const looks = latest()
let state = 'waiting', pages = 1, waiting = null, yours = null

export function setUpChats(attempt) {
  at('states').addEventListener('click', (event) => {
    const chosen = event.target.closest('[data-state]')?.dataset.state
    if (!chosen) return
    choose(chosen)
    attempt(listChats)
  })
  at('more-chats').addEventListener('click', () => {
    pages += 1
    attempt(listChats)
  })
}

export function choose(chosen) {
  if (chosen !== state) pages = 1
  state = chosen
  for (const button of at('states').children) {
    button.setAttribute('aria-pressed', String(button.dataset.state === state))
  }
}

export async function listChats() {
  const turn = looks.ask(), wanted = state, items = new Map()
  let page = null
  for (let number = 0; number < pages && (!page || page.next_cursor); number += 1) {
    const query = new URLSearchParams({ state: wanted, limit: PAGE })
    if (page) query.set('cursor', page.next_cursor)
    page = await ask('GET', `${base}/chats?${query}`)
    // A chat that moved up meanwhile stands on two pages.
    for (const chat of page.items) items.set(chat.chat_id, chat)
  }
  // Somebody chose another list meanwhile.
  if (wanted !== state || looks.late(turn)) return
  at('hours').textContent = page.open_now ? '工作时间' : '非工作时间'
  at('more-chats').hidden = !page.next_cursor
  at('no-chats').hidden = items.size > 0
  at('no-chats').textContent = NOBODY[state]
  fill(at('chats'), [...items.values()], (chat) => chat.chat_id, chatItem)
  markOpen()
  count(page)
}

export function markOpen() {
  for (const item of at('chats').children) {
    item.firstChild.setAttribute('aria-current', String(item.dataset.key === desk.chat?.chat_id))
  }
}

// In the title as well: the desk is often a tab behind others.
function count(page) {
  if (waiting !== null && page.waiting > waiting) say('有新的会话等待接入。')
  else if (yours !== null && page.yours > yours) say('您接待的会话有新消息。')
  waiting = page.waiting
  yours = page.yours
  at('waiting-count').textContent = waiting || ''
  at('yours-count').textContent = yours || ''
  const open = waiting + yours
  document.title = (open ? `(${open}) ` : '') + `陪聊工作台 · ${at('community').textContent}`
}

function chatItem(chat) {
  const button = node('button', '', { type: 'button' })
  const first = node('span', '', { class: 'who' })
  first.append(node('strong', chat.follower.nickname))
  if (chat.unanswered) first.append(node('span', `${chat.unanswered} 条未回`, { class: 'badge' }))
  if (chat.undelivered) first.append(node('span', '有回复未送达', { class: 'badge' }))
  const who = chat.person_id === desk.me?.person_id ? '我在接待' : `${chat.person_name}在接待`
  const last = node('small', when(chat.last_at) + (chat.state === 'assigned' ? ` · ${who}` : ''))
  button.append(first, node('span', chat.last_text || ' ', { class: 'last' }), last)
  button.addEventListener('click', () => {
    open(chat)
    markOpen()
  })
  const item = node('li')
  item.append(button)
  return item
}
