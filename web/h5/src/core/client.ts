/** The query client, and changes to what it holds that many lists may show. */
import { QueryClient } from '@tanstack/vue-query'
import { Refused, type Found, type Post, type PostPage, type Reply, type ReplyPage } from './api'
import type { Pages, Part } from './merging'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 30 * 60_000,
      refetchOnWindowFocus: false,
      // What was kept is shown even without a network; see kept.ts.
      networkMode: 'always',
      retry: (times, error) => !(error instanceof Refused) && times < 1,
      retryDelay: 600,
    },
    mutations: { networkMode: 'always' },
  },
})

/** Change (or, by answering null, remove) a post wherever it is shown. */
export function changePost(postId: string, change: (post: Post) => Post | null): void {
  queries.setQueriesData<Pages<PostPage>>({ queryKey: ['posts'] }, (held) => {
    if (!held?.pages.some((page) => page.items.some((post) => post.post_id === postId))) return held
    const pages = held.pages.map((page) => ({ ...page, items: changed(page.items, (post) => (post.post_id === postId ? change(post) : post)) }))
    return { ...held, pages }
  })
  queries.setQueryData<Post[]>(['pinned'], (held) => held && changed(held, (post) => (post.post_id === postId ? change(post) : post)))
  queries.setQueriesData<Pages<Part<Found>>>({ queryKey: ['search'] }, (held) => {
    if (!held?.pages.some((page) => page.items.some(({ post }) => post.post_id === postId))) return held
    return { ...held, pages: held.pages.map((page) => ({ ...page, items: changed(page.items, (found) => (found.post.post_id === postId ? foundAs(found, change(found.post)) : found)) })) }
  })
  const one = queries.getQueryData<Post>(['post', postId])
  if (!one) return
  const next = change(one)
  // What is gone is asked for once more: only the service can say whether somebody may still see it.
  if (next) queries.setQueryData(['post', postId], next)
  else void queries.invalidateQueries({ queryKey: ['post', postId] })
}

/** In another text the words stand elsewhere, if they do at all. */
function foundAs(found: Found, post: Post | null): Found | null {
  if (!post || (post.text === found.post.text && post.title === found.post.title)) return post && { ...found, post }
  return { ...found, post, title_hits: [], text_hits: [] }
}

/** The same for a reply, in lists and in threads. */
export function changeReply(postId: string, replyId: string, change: (reply: Reply) => Reply | null): void {
  for (const queryKey of [['replies', postId], ['thread']]) {
    queries.setQueriesData<Pages<ReplyPage>>({ queryKey }, (held) => {
      if (!held) return held
      return { ...held, pages: held.pages.map((page) => ({ ...page, items: inside(page.items, replyId, change) })) }
    })
  }
}

function inside(replies: Reply[], replyId: string, change: (reply: Reply) => Reply | null): Reply[] {
  return changed(replies, (reply) => {
    if (reply.reply_id === replyId) return change(reply)
    return reply.thread?.length ? { ...reply, thread: inside(reply.thread, replyId, change) } : reply
  })
}

function changed<T>(items: T[], change: (item: T) => T | null): T[] {
  return items.map(change).filter((item): item is T & {} => item !== null)
}
