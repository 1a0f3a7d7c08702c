/** Lists of posts. */
import { toValue, type MaybeRefOrGetter } from 'vue'
import { api, type Post, type PostPage } from './api'
import { earlyAnswer } from './first'
import { useList } from './lists'

export type FeedName = 'latest' | 'hot' | 'following' | 'featured'

export interface Wanted {
  feed?: FeedName
  board_id?: string
  topic?: string
  author_id?: string
}

const LIMIT = 10

async function ask(wanted: Wanted, cursor: string | undefined, signal: AbortSignal | undefined): Promise<PostPage> {
  const plainLatest = !cursor && Object.entries(wanted).every(([name, value]) => !value || (name === 'feed' && value === 'latest'))
  const page = plainLatest ? await earlyAnswer<PostPage>('posts') : undefined
  return page ?? api.get('/community/{account_id}/posts', { query: { ...wanted, cursor, limit: LIMIT }, signal })
}

export function useFeed(wanted: MaybeRefOrGetter<Wanted>, enabled: MaybeRefOrGetter<boolean> = true) {
  return useList<Post, PostPage>({
    key: () => ['posts', { ...toValue(wanted) }],
    ask: (cursor, signal) => ask(toValue(wanted), cursor, signal),
    keep: () => {
      const { feed, board_id, topic, author_id } = toValue(wanted)
      return board_id || topic || author_id ? undefined : `feed.${feed ?? 'latest'}`
    },
    enabled,
  })
}
