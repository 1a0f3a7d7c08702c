// 陪聊工作台: plain, without a framework, until the console has it. Text goes into the page as text only.
const base = location.pathname.replace(/\/desk\/?$/, '')
const at = (id) => document.getElementById(id)
const desk = { state: 'waiting', chat: null, me: null, cursor: null, earlier: null, lines: new Map(), timer: 0 }
const STATES = { waiting: '待接入', assigned: '接待中', closed: '已结束' }
const DELIVERY = { sending: '发送中…', sent: '已送达微信', refused: '发送失败', unknown: '微信没有答复，不确定是否送达' }

function node(name, text, attributes = {}) {
  const made = document.createElement(name)
  if (text) made.textContent = text
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

async function ask(method, path, body, key) {
  const headers = { Accept: 'application/json' }
  if (method !== 'GET') headers['Idempotency-Key'] = key || crypto.randomUUID()
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  if (answer.status === 401) { showSignIn(); throw new Error('请先登录。') }
  const found = answer.status === 204 ? null : await answer.json().catch(() => null)
  if (!answer.ok) throw new Error((found && (found.detail || found.title)) || `请求失败（${answer.status}），请稍后再试。`)
  return found
}

function say(text) { at('status').textContent = text }
function complain(error) { at('alert').textContent = error.message || String(error) }
function when(instant) {
  return new Date(instant).toLocaleString('zh-CN', { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
}

function showSignIn() {
  clearInterval(desk.timer)
  at('desk').hidden = true
  at('sign-in').hidden = false
}

async function start() {
  try {
    const community = await ask('GET', base)
    at('community').textContent = community.name
    document.title = `陪聊工作台 · ${community.name}`
    const session = await ask('GET', '/registry/session')
    desk.me = session.person
    at('me').textContent = `${desk.me.display_name || desk.me.name || ''}，您好`
    at('sign-in').hidden = true
    at('desk').hidden = false
    await Promise.all([listChats(), listCanned()])
    desk.timer = setInterval(() => refresh().catch(complain), 4000)
  } catch (error) { complain(error) }
}

async function refresh() {
  if (document.hidden) return
  await listChats()
  if (desk.chat) await readLines()
  at('alert').textContent = ''
}

async function listChats(cursor) {
  const query = new URLSearchParams({ state: desk.state, limit: '30', ...(cursor ? { cursor } : {}) })
  const page = await ask('GET', `${base}/chats?${query}`)
  at('hours').textContent = page.open_now ? '现在是工作时间' : '现在不在工作时间'
  desk.cursor = page.next_cursor
  at('more-chats').hidden = !page.next_cursor
  if (cursor) { for (const chat of page.items) at('chats').append(chatItem(chat)); return }
  const focused = document.activeElement?.dataset?.chat
  at('chats').replaceChildren(...page.items.map(chatItem))
  if (focused) at('chats').querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus()
  at('no-chats').hidden = page.items.length > 0
  const current = page.items.find((chat) => chat.chat_id === desk.chat?.chat_id)
  if (current) { desk.chat = current; showChat() }
}

function chatItem(chat) {
  const button = node('button', chat.follower.nickname, { type: 'button', 'data-chat': chat.chat_id })
  if (desk.chat?.chat_id === chat.chat_id) button.setAttribute('aria-current', 'true')
  if (chat.unanswered) button.append(node('span', `${chat.unanswered} 条未回`, { class: 'unanswered' }))
  button.append(node('small', chat.last_text, { class: 'last' }), node('small', when(chat.last_at)))
  button.addEventListener('click', () => open(chat).catch(complain))
  const item = node('li')
  item.append(button)
  return item
}

async function open(chat) {
  desk.chat = chat
  desk.lines.clear()
  desk.earlier = null
  at('lines').replaceChildren()
  for (const button of at('chats').querySelectorAll('button')) {
    button.toggleAttribute('aria-current', false)
    if (button.dataset.chat === chat.chat_id) button.setAttribute('aria-current', 'true')
  }
  showChat()
  await readLines()
  at('talk').focus()
}

function showChat() {
  const chat = desk.chat
  const mine = chat.state === 'assigned' && chat.person_id === desk.me.person_id
  at('talk-name').textContent = chat.follower.nickname
  const by = chat.person_name && chat.state === 'assigned' ? `，接待人：${chat.person_name}` : ''
  at('talk-state').textContent = `${STATES[chat.state]}${by}；可回复至 ${when(chat.answerable_until)}`
  at('acts').hidden = false
  at('take').hidden = mine
  at('close').hidden = !mine
  at('hand-over-form').hidden = !mine
  at('answer-form').hidden = !mine
  if (mine) listColleagues().catch(complain)
}

async function readLines(cursor) {
  const query = new URLSearchParams({ limit: '50', ...(cursor ? { cursor } : {}) })
  const page = await ask('GET', `${base}/chats/${desk.chat.chat_id}/messages?${query}`)
  const list = at('lines')
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40
  // What is new since the last look is read out, not what was there when the chat was opened.
  const heard = desk.lines.size ? page.items.find((line) => line.by === 'follower' && !desk.lines.has(line.message_id)) : null
  for (const line of page.items) desk.lines.set(line.message_id, line)
  if (cursor || desk.earlier === null) { desk.earlier = page.next_cursor; at('earlier').hidden = !page.next_cursor }
  const ordered = [...desk.lines.values()].sort((one, other) => one.at.localeCompare(other.at))
  list.replaceChildren(...ordered.map(lineItem))
  if (atEnd && !cursor) list.scrollTop = list.scrollHeight
  if (heard && !cursor) say(`${desk.chat.follower.nickname}：${heard.text}`)
}

function lineItem(line) {
  const item = node('li', line.text, { class: line.by === 'follower' ? 'theirs' : 'ours' })
  const who = { follower: '粉丝', person: '我方', automatic: '自动回复' }[line.by]
  item.append(node('small', `${who} · ${when(line.at)}`))
  if (line.delivery) {
    const failed = line.delivery === 'refused' || line.delivery === 'unknown'
    const text = DELIVERY[line.delivery] + (line.delivery_detail ? `：${line.delivery_detail}` : '')
    item.append(node('small', text, failed ? { class: 'failed' } : {}))
  }
  return item
}

async function listColleagues() {
  const people = (await ask('GET', `${base}/chats/colleagues`)).items.filter((one) => one.person_id !== desk.me.person_id)
  const select = at('hand-over-form').elements.person
  const chosen = select.value
  select.replaceChildren(node('option', people.length ? '请选择' : '暂无在线同事', { value: '' }))
  for (const one of people) select.append(node('option', one.name, { value: one.person_id }))
  select.value = people.some((one) => one.person_id === chosen) ? chosen : ''
}

async function listCanned() {
  const items = (await ask('GET', `${base}/canned-answers`)).items
  at('canned').replaceChildren(node('option', '选择后填入下方，可以修改', { value: '' }))
  at('canned-list').replaceChildren()
  for (const one of items) {
    at('canned').append(node('option', one.title, { value: one.text }))
    const item = node('li', `${one.title}：${one.text}`)
    const drop = node('button', '删除', { type: 'button', 'aria-label': `删除常用回复“${one.title}”` })
    drop.addEventListener('click', () => act(drop, () => ask('DELETE', `${base}/canned-answers/${one.answer_id}`), '已删除。', listCanned))
    item.append(drop)
    at('canned-list').append(item)
  }
}

// One press is one act: the button rests until the answer is there.
async function act(button, work, done, after) {
  button.disabled = true
  at('alert').textContent = ''
  try {
    await work()
    say(done)
    if (after) await after()
  } catch (error) { complain(error) } finally { button.disabled = false }
}

const chatPath = (rest) => `${base}/chats/${desk.chat.chat_id}/${rest}`
async function moved(state) {
  choose(state)
  await listChats()
  await readLines()
}

function choose(state) {
  desk.state = state
  for (const button of at('states').children) button.setAttribute('aria-pressed', String(button.dataset.state === state))
}

at('states').addEventListener('click', (event) => {
  const state = event.target.dataset.state
  if (state) { choose(state); listChats().catch(complain) }
})
at('more-chats').addEventListener('click', () => listChats(desk.cursor).catch(complain))
at('earlier').addEventListener('click', () => readLines(desk.earlier).catch(complain))
at('take').addEventListener('click', (event) => act(event.target, () => ask('POST', chatPath('take')), '已接入。', () => moved('assigned')))
at('close').addEventListener('click', (event) => act(event.target, () => ask('POST', chatPath('close')), '会话已结束。', () => moved('closed')))
at('hand-over-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const select = event.target.elements.person
  const body = { person_id: select.value, name: select.selectedOptions[0].textContent }
  act(event.submitter, () => ask('POST', chatPath('hand-over'), body), '已转接。', listChats)
})

let answerKey = null
at('answer-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const box = at('text')
  // The same key until it went through: pressing again after a lost answer does not say it twice.
  answerKey = answerKey || crypto.randomUUID()
  act(event.target.querySelector('button'), () => ask('POST', chatPath('messages'), { text: box.value }, answerKey), '已发送。', async () => {
    answerKey = null
    box.value = ''
    await refresh()
  })
})
at('text').addEventListener('input', () => { answerKey = null })
at('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.ctrlKey) at('answer-form').requestSubmit()
})
at('canned').addEventListener('change', (event) => {
  if (event.target.value) at('text').value = event.target.value
  event.target.selectedIndex = 0
  at('text').focus()
})
at('canned-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.target
  const body = { title: form.elements.title.value, text: form.elements.text.value }
  act(event.submitter, () => ask('POST', `${base}/canned-answers`, body), '已添加。', () => { form.reset(); return listCanned() })
})
at('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.target
  const body = { login: form.elements.login.value, password: form.elements.password.value }
  act(event.submitter, async () => {
    const answer = await fetch('/registry/session', { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error((await answer.json()).detail || '登录失败。')
  }, '已登录。', start)
})
start()
