/** Runs before the first paint: no white flash, the chosen type size from the start, and the first list under way
 * while the scripts still load. */
export {}
const root = document.documentElement
const chosen = (name: string) => {
  try {
    return localStorage.getItem(`guanwei.${name}`)
  } catch {
    return null
  }
}
const theme = chosen('theme')
const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
root.dataset.theme = dark ? 'dark' : 'light'
root.dataset.size = chosen('size') ?? '1'
if (chosen('care') === '1') root.dataset.care = ''
const [, , account, page] = location.pathname.split('/')
if (account && !page && !location.search.includes('feed=')) {
  // A connection that hangs must not hold the first list: the page asks once more by itself.
  const patience = new AbortController()
  setTimeout(() => patience.abort(), 6_000)
  const ask = (path: string) => {
    const answer = fetch(`/community/${account}${path}`, { headers: { Accept: 'application/json' }, signal: patience.signal })
    answer.catch(() => undefined)
    return answer
  }
  Object.assign(window, { guanweiFirst: { posts: ask('/posts?limit=10'), pinned: ask('/posts?feed=pinned&limit=3'), community: ask('') } })
}
