/** How many notifications are unread: the service counts, here nothing is added up. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, type Notification } from './api'
import { queries } from './client'
import type { Pages, Part } from './merging'
import { currentMe, useMe } from './session'

export function useUnread() {
  const { me } = useMe()
  const query = useQuery({
    queryKey: ['unread'],
    queryFn: async ({ signal }) => (await api.get('/community/{account_id}/notifications/unread', { signal })).unread,
    enabled: computed(() => Boolean(me.value)),
    // Something may have been read elsewhere while nobody was looking.
    refetchOnWindowFocus: 'always',
  })
  return computed(() => query.data.value ?? me.value?.unread_notifications ?? 0)
}

function read(unread: number, which: (one: Notification) => boolean): void {
  queries.setQueryData(['unread'], unread)
  queries.setQueryData<Pages<Part<Notification>>>(['notifications'], (held) => held && { ...held, pages: held.pages.map((page) => ({ ...page, items: page.items.map((one) => (which(one) ? { ...one, read: true } : one)) })) })
}

/** What is not marked now stays unread: nobody need be told. */
export async function readOne(notification: Notification): Promise<void> {
  if (notification.read) return
  const path = { notification_id: notification.notification_id }
  const left = await api.post('/community/{account_id}/notifications/{notification_id}/read', { path }).catch(() => undefined)
  if (left) read(left.unread, (one) => one.notification_id === notification.notification_id)
}

/** Whoever has opened a post has read what they were told about it. */
export async function readAbout(postId: string): Promise<void> {
  const known = queries.getQueryState<number>(['unread'])
  const count = known?.isInvalidated ? undefined : (known?.data ?? currentMe()?.unread_notifications)
  if (count === 0) return
  const left = await api.post('/community/{account_id}/posts/{post_id}/notifications/read', { path: { post_id: postId } }).catch(() => undefined)
  if (left) read(left.unread, (one) => one.post_id === postId)
}

export async function readAll(upTo: number): Promise<void> {
  const left = await api.post('/community/{account_id}/notifications/read', { body: { up_to: upTo } })
  read(left.unread, (one) => one.seq <= upTo)
}
