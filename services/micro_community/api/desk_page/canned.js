// Prepared answers: all operators of the account share them.
import { act, ask, at, base, fill, node, say } from './parts.js'

let answers = []

export function setUpCanned() {
  // A button puts it in, not the choice itself: by keyboard, choosing passes every answer on the way.
  at('use-canned').addEventListener('click', () => {
    const chosen = answers.find((one) => one.answer_id === at('canned').value), box = at('text')
    if (!chosen || box.readOnly) return
    box.setRangeText(chosen.text, box.selectionStart, box.selectionEnd, 'end')
    box.dispatchEvent(new Event('input'))
    at('canned').value = ''
    box.focus()
  })
  at('canned-form').addEventListener('submit', (event) => {
    event.preventDefault()
    const form = event.currentTarget
    act(event.submitter, async () => {
      const { title, text } = form.elements
      await ask('POST', `${base}/canned-answers`, { title: title.value, text: text.value })
      form.reset()
      say('常用回复已添加。')
      await listCanned()
    })
  })
}

export async function listCanned() {
  answers = (await ask('GET', `${base}/canned-answers`)).items
  const chosen = at('canned').value
  const first = { answer_id: '', title: answers.length ? '请选择' : '还没有常用回复' }
  const option = (one) => node('option', one.title, { value: one.answer_id })
  fill(at('canned'), [first, ...answers], (one) => one.answer_id, option)
  at('canned').value = answers.some((one) => one.answer_id === chosen) ? chosen : ''
  fill(at('canned-list'), answers, (one) => one.answer_id, cannedItem)
}

function cannedItem(one) {
  const item = node('li'), text = node('p')
  text.append(node('strong', one.title), `：${one.text}`)
  const drop = node('button', '删除', { type: 'button', 'aria-label': `删除常用回复“${one.title}”` })
  const calm = () => {
    drop.textContent = '删除'
    drop.setAttribute('aria-label', `删除常用回复“${one.title}”`)
  }
  // Twice, for colleagues lose it as well, and nothing brings it back.
  drop.addEventListener('click', () => {
    if (drop.textContent === '删除') {
      drop.textContent = '确定删除'
      drop.setAttribute('aria-label', `确定删除常用回复“${one.title}”`)
      return
    }
    act(drop, async () => {
      await ask('DELETE', `${base}/canned-answers/${one.answer_id}`)
      say('常用回复已删除。')
      if (document.activeElement === drop) at('canned-title').focus()
      await listCanned()
    })
  })
  drop.addEventListener('blur', calm)
  item.append(text, drop)
  return item
}
