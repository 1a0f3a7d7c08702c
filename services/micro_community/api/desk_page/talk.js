// One chat: what was said, and what is answered.
import { act, ask, at, base, complain, desk, fill, latest, newKey, node, say, when } from './parts.js'

const STATES = { waiting: '待接入', assigned: '接待中', closed: '已结束' }
const WHO = { follower: '粉丝', person: '同事', automatic: '自动回复' }
const DELIVERY = { sending: '发送中…', sent: '已送达微信', refused: '发送失败', unknown: '微信没有答复，不确定是否送达' }
const looks = latest()
// What is typed belongs to the follower it was typed for.
const drafts = new Map()
const lines = new Map()
// `undefined`: not known yet; `null`: the beginning is shown.
let earlier
let refresh = async () => {}
let unsent = null
// Who reads the newest goes on reading the newest; who looked back is left where they are.
let atEnd = true

export const isSending = () => [...lines.values()].some((line) => line.delivery === 'sending')
export const isMine = () => desk.chat?.state === 'assigned' && desk.chat.person_id === desk.me?.person_id
const chatPath = (rest) => `${base}/chats/${desk.chat.chat_id}/${rest}`

export function setUpTalk(again, attempt) {
  refresh = again
  const box = at('text')
  at('take').addEventListener('click', (event) => act(event.currentTarget, take))
  at('close').addEventListener('click', (event) => act(event.currentTarget, close))
  at('earlier').addEventListener('click', () => attempt(() => readLines(earlier)))
  at('hand-over-form').addEventListener('submit', (event) => {
    event.preventDefault()
    act(event.submitter, handOver)
  })
  at('answer-form').addEventListener('submit', (event) => {
    event.preventDefault()
    act(at('send'), answer)
  })
  const list = at('lines')
  list.addEventListener('scroll', () => { atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40 })
  new ResizeObserver(() => { if (atEnd) list.scrollTop = list.scrollHeight }).observe(list)
  box.addEventListener('input', () => drafts.set(desk.chat.chat_id, box.value))
  box.addEventListener('keydown', (event) => {
    // While an input method composes, Enter belongs to it.
    const sends = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing
    if (sends) at('answer-form').requestSubmit()
  })
}

export function open(chat) {
  desk.chat = chat
  lines.clear()
  earlier = undefined
  atEnd = true
  at('lines').replaceChildren()
  at('earlier').hidden = true
  at('alert').textContent = ''
  at('desk').dataset.open = 'talk'
  at('text').value = drafts.get(chat.chat_id) || ''
  showChat()
  at('talk-name').focus()
  refresh().catch(complain)
}

export function leave() {
  desk.chat = null
  lines.clear()
  at('lines').replaceChildren()
  at('talk-name').textContent = '请选择一个会话'
  at('talk-state').textContent = ''
  at('acts').hidden = at('earlier').hidden = at('answer-form').hidden = true
  delete at('desk').dataset.open
}

async function take() {
  await ask('POST', chatPath('take'))
  say('已接入，可以回复了。')
  await refresh('assigned')
  // Not away from where the operator has gone meanwhile.
  if (isMine() && document.activeElement === at('talk-name')) at('text').focus()
}

async function close() {
  await ask('POST', chatPath('close'))
  say('会话已结束。')
  await refresh()
}

async function handOver() {
  const select = at('person')
  const name = select.selectedOptions[0].textContent
  await ask('POST', chatPath('hand-over'), { person_id: select.value })
  say(`已转接给${name}。`)
  await refresh()
}

async function answer() {
  const box = at('text'), to = desk.chat.chat_id, text = box.value
  // The same key until it went through: pressing again after a lost answer does not say it twice.
  if (unsent?.to !== to || unsent.text !== text) unsent = { to, text, key: newKey() }
  box.readOnly = true
  try { await ask('POST', chatPath('messages'), { text }, unsent.key) } finally { box.readOnly = false }
  unsent = null
  atEnd = true
  drafts.delete(to)
  if (desk.chat?.chat_id === to) box.value = ''
  say('回复已提交，正在送往微信。')
  await refresh()
}

function showChat() {
  const chat = desk.chat, mine = isMine()
  const here = at('talk').contains(document.activeElement)
  at('talk-name').textContent = chat.follower.nickname
  const by = chat.state !== 'assigned' ? '' : mine ? '，由我接待' : `，由${chat.person_name}接待`
  const over = Date.parse(chat.answerable_until) < Date.now()
  const until = over ? '已过 48 小时，等对方再次发言后才能回复' : `可回复至 ${when(chat.answerable_until)}`
  at('talk-state').textContent = `${STATES[chat.state]}${by} · ${until}`
  at('acts').hidden = false
  at('take').hidden = mine
  at('close').hidden = at('hand-over-form').hidden = at('answer-form').hidden = !mine
  // What had the focus may just have gone, with a chat that a colleague took.
  if (here && document.activeElement.offsetParent === null) at('talk-name').focus()
}

export async function readLines(cursor) {
  const turn = looks.ask(), of = desk.chat.chat_id
  const query = new URLSearchParams({ limit: '50', ...(cursor ? { cursor } : {}) })
  const page = await ask('GET', `${base}/chats/${of}/messages?${query}`).catch((error) => {
    // Who leaves takes the chat along: nothing is left to look at again.
    if (error.status === 404 && desk.chat?.chat_id === of) leave()
    throw error
  })
  // Another chat was opened meanwhile: what one follower wrote must not stand among the words of another.
  if (desk.chat?.chat_id !== of || (!cursor && looks.late(turn))) return
  if (!cursor) {
    desk.chat = page.chat
    announce(page.items)
  }
  const list = at('lines'), high = list.scrollHeight
  // Nothing in common with what is shown: so much came that something lies between.
  if (!cursor && lines.size && !page.items.some((line) => lines.has(line.message_id))) {
    lines.clear()
    earlier = undefined
  }
  for (const line of page.items) lines.set(line.message_id, line)
  if (cursor || earlier === undefined) earlier = page.next_cursor
  at('earlier').hidden = !earlier
  fill(list, [...lines.values()].sort(inOrder), (line) => line.message_id, lineItem)
  if (cursor) list.scrollTop += list.scrollHeight - high
  else if (atEnd) list.scrollTop = list.scrollHeight
  showChat()
}

// As the service orders them, the oldest first.
function inOrder(one, other) {
  return Date.parse(one.at) - Date.parse(other.at) || (one.message_id < other.message_id ? -1 : 1)
}

// What is new since the last look is read out, not what was there when the chat was opened.
function announce(items) {
  if (!lines.size) return
  const heard = items.find((line) => line.by === 'follower' && !lines.has(line.message_id))
  if (heard) say(`${desk.chat.follower.nickname}：${heard.text}`)
  for (const line of items) {
    if (line.by === 'follower' || lines.get(line.message_id)?.delivery === line.delivery) continue
    if (line.delivery === 'sent') say('已送达微信。')
    if (line.delivery === 'refused') complain(new Error(`回复没有送达：${line.delivery_detail}`))
    if (line.delivery === 'unknown') complain(new Error('微信没有答复，不确定回复是否送达。请先与对方确认，再决定是否重发。'))
  }
}

function delivery(line) {
  return DELIVERY[line.delivery] + (line.delivery_detail ? `：${line.delivery_detail}` : '')
}

function lineItem(line) {
  const item = node('li', '', { class: line.by === 'follower' ? 'theirs' : 'ours' })
  item.append(node('p', line.text))
  const who = line.by === 'person' && line.person_id === desk.me?.person_id ? '我' : WHO[line.by]
  item.append(node('small', `${who} · ${when(line.at)}`))
  if (line.delivery) {
    const failed = line.delivery === 'refused' || line.delivery === 'unknown'
    item.append(node('small', delivery(line), failed ? { class: 'failed' } : {}))
  }
  return item
}

export async function listColleagues() {
  const present = (await ask('GET', `${base}/chats/colleagues`)).items
  const people = present.filter((one) => one.person_id !== desk.me?.person_id)
  const select = at('person'), chosen = select.value
  const first = { person_id: '', name: people.length ? '请选择' : '暂无在线同事' }
  fill(select, [first, ...people], (one) => one.person_id, (one) => node('option', one.name, { value: one.person_id }))
  select.value = people.some((one) => one.person_id === chosen) ? chosen : ''
}
