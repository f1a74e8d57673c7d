import type { InfiniteData } from '@tanstack/react-query'

/** Hand in as `getNextPageParam` of every list that is paged by cursor. */
export const nextCursor = ({ cursor }: { cursor: string | null }): string | null => cursor

/** The items of all pages that are loaded. */
export const itemsOf = <Item>(data: InfiniteData<{ data: Item[] }> | undefined): Item[] | undefined =>
  data?.pages.flatMap((page) => page.data)
