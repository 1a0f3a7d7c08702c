/** Endless lists: pages behind a cursor, the first one kept for the next visit. */
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { queries } from './client'
import { kept, keeping } from './kept'
import { atEnd, inFront, type Pages, type Part } from './merging'

export type { Part } from './merging'

interface ListOf<T, P extends Part<T>> {
  key: MaybeRefOrGetter<readonly unknown[]>
  ask: (cursor: string | undefined, signal?: AbortSignal) => Promise<P>
  /** Kept under this name for the next visit. */
  keep?: MaybeRefOrGetter<string | undefined>
  enabled?: MaybeRefOrGetter<boolean>
}

export function useList<T, P extends Part<T>>(of: ListOf<T, P>) {
  const before = ref<P>()
  watch(
    () => toValue(of.keep),
    async (name) => {
      before.value = undefined
      if (name) before.value = (await kept<P>(name)) as typeof before.value
    },
    { immediate: true },
  )
  const first = (signal?: AbortSignal): Promise<P> => {
    const name = toValue(of.keep)
    return name ? keeping(name, () => of.ask(undefined, signal)) : of.ask(undefined, signal)
  }
  const query = useInfiniteQuery({
    queryKey: computed(() => [...toValue(of.key)]),
    queryFn: ({ pageParam, signal }) => (pageParam ? of.ask(pageParam, signal) : first(signal)),
    initialPageParam: null as string | null,
    getNextPageParam: (last: P) => last.next_cursor ?? null,
    placeholderData: computed(() => (before.value ? ({ pages: [before.value], pageParams: [null] } as Pages<P>) : undefined)) as never,
    enabled: computed(() => toValue(of.enabled) ?? true),
  })
  const pages = computed(() => (query.data.value as Pages<P> | undefined)?.pages ?? [])
  const items = computed(() => pages.value.flatMap((page) => page.items))

  /** The first page anew; what stood behind it is asked for again when somebody gets there. */
  async function refresh(): Promise<void> {
    const page = await first()
    queries.setQueryData([...toValue(of.key)], { pages: [page], pageParams: [null] })
  }

  /** What is new, in front of what is there: who has read on stays where they are. */
  async function renewFront(idOf: (one: T) => string): Promise<void> {
    const key = [...toValue(of.key)]
    const page = await first()
    queries.setQueryData<Pages<P>>(key, (held) => inFront(held, page, idOf))
  }

  /** What is new behind a list that is there to its end. */
  const renewEnd = (): Promise<void> => renewLast<P>([...toValue(of.key)], (cursor) => (cursor ? of.ask(cursor) : first()))

  return { query, pages, items, refresh, renewFront, renewEnd }
}

/** The last page of a list anew. A list that goes on has what is new where somebody will get to. */
export async function renewLast<P extends Part<unknown>>(queryKey: readonly unknown[], ask: (cursor: string | null) => Promise<P>): Promise<void> {
  const held = queries.getQueryData<Pages<P>>(queryKey)
  if (!held || held.pages.at(-1)?.next_cursor) return
  const page = await ask(held.pageParams.at(-1) ?? null)
  queries.setQueryData<Pages<P>>(queryKey, (now) => (now?.pages.length === held.pages.length ? atEnd(now, page) : now))
}
