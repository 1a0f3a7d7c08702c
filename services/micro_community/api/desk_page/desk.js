// 陪聊工作台: plain, without a framework, until the console has it. Here: signing in, and looking again and again.
import { act, ask, at, base, complain, desk, say } from './parts.js'
import { choose, listChats, markOpen, setUpChats } from './chats.js'
import { isMine, isSending, leave, listColleagues, readLines, setUpTalk } from './talk.js'
import { listCanned, setUpCanned } from './canned.js'

const USUALLY = 2000, WHILE_SENDING = 1000, BEHIND_OTHER_TABS = 15_000
let timer = 0, looking = false, before = null

async function look() {
  await listChats()
  // After the list, so that the words of the open chat are what is read out last.
  if (desk.chat) await readLines()
  if (isMine()) await listColleagues()
}

async function refresh(state) {
  if (state) choose(state)
  try { await look() } finally { wait() }
}

// One look at a time: on a slow network they would pile up.
async function lookAgain() {
  if (looking || !desk.me) return
  looking = true
  try {
    await look()
    at('trouble').textContent = ''
  } catch (error) {
    if (error.status === 401 || error.status === 404) complain(error)
    else at('trouble').textContent = `${error.message}正在自动重试，页面上的内容可能不是最新的。`
  } finally {
    looking = false
    wait()
  }
}

function wait() {
  clearTimeout(timer)
  if (!desk.me) return
  timer = setTimeout(lookAgain, document.hidden ? BEHIND_OTHER_TABS : isSending() ? WHILE_SENDING : USUALLY)
}

function attempt(work) { work().catch(complain) }

function show(what) {
  at('sign-in').hidden = what !== 'sign-in'
  at('desk').hidden = at('skip').hidden = what !== 'desk'
  at('sign-out').hidden = !desk.me
  at('me').textContent = desk.me ? desk.me.display_name : ''
  if (!desk.me) at('hours').textContent = ''
}

desk.signedOut = () => {
  before = desk.me || before
  desk.me = null
  clearTimeout(timer)
  at('trouble').textContent = ''
  show('sign-in')
  at('login').focus()
}

async function enter(person) {
  // What somebody else left open and half written here is not theirs.
  if (before && before.person_id !== person.person_id) return location.reload()
  desk.me = person
  show('nothing')
  await Promise.all([listChats(), listCanned()])
  show('desk')
  at('states').firstElementChild.focus()
  wait()
}

async function start() {
  const community = await ask('GET', base)
  at('community').textContent = community.name
  document.title = `陪聊工作台 · ${community.name}`
  try {
    await enter((await ask('GET', '/registry/session')).person)
  } catch (error) {
    if (error.status !== 401) throw error
    desk.signedOut()
  }
}

setUpChats(attempt)
setUpTalk(refresh, attempt)
setUpCanned()
at('back').addEventListener('click', () => {
  leave()
  markOpen()
  at('states').querySelector('[aria-pressed="true"]').focus()
})
at('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.currentTarget
  act(event.submitter, async () => {
    const { login, password } = form.elements
    const session = await ask('POST', '/registry/session', { login: login.value, password: password.value })
    form.reset()
    say('')
    await enter(session.person)
  })
})
at('sign-out').addEventListener('click', (event) => act(event.currentTarget, async () => {
  await ask('DELETE', '/registry/session')
  location.reload()
}))
document.addEventListener('visibilitychange', () => { if (!document.hidden) lookAgain() })
start().catch(complain)
