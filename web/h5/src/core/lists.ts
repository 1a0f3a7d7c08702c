/** Endless lists: pages behind a cursor, the first one kept for the next visit. */
import { useInfiniteQuery, type InfiniteData } from '@tanstack/vue-query'
import { computed, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { queries } from './client'
import { kept, keeping } from './kept'

export interface Part<T> {
  items: T[]
  next_cursor?: string | null
}

interface ListOf<T, P extends Part<T>> {
  key: MaybeRefOrGetter<readonly unknown[]>
  ask: (cursor: string | undefined) => Promise<P>
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
  const first = (): Promise<P> => {
    const name = toValue(of.keep)
    return name ? keeping(name, () => of.ask(undefined)) : of.ask(undefined)
  }
  const query = useInfiniteQuery({
    queryKey: computed(() => [...toValue(of.key)]),
    queryFn: ({ pageParam }) => (pageParam ? of.ask(pageParam) : first()),
    initialPageParam: null as string | null,
    getNextPageParam: (last: P) => last.next_cursor ?? null,
    placeholderData: computed(() => (before.value ? ({ pages: [before.value], pageParams: [null] } as InfiniteData<P, string | null>) : undefined)) as never,
    enabled: computed(() => toValue(of.enabled) ?? true),
  })
  const pages = computed(() => (query.data.value as InfiniteData<P, string | null> | undefined)?.pages ?? [])
  const items = computed(() => pages.value.flatMap((page) => page.items))

  /** The first page anew; what stood behind it is asked for again when somebody gets there. */
  async function refresh(): Promise<void> {
    const page = await first()
    queries.setQueryData([...toValue(of.key)], { pages: [page], pageParams: [null] })
  }
  return { query, pages, items, refresh }
}
