import type { FiltersOf, ListedNoun } from './search.ts'

/** A filter by the list that it is of and its name in the contract: `['emails', 'to']`. */
export type FilterName = { [N in ListedNoun]: readonly [noun: N, field: keyof FiltersOf<N> & string] }[ListedNoun]

/** What is wrong with a filter, in the contract's own words. All contracts are loaded when the first is asked. */
export async function problemWith(filter: FilterName, text: string): Promise<string | undefined> {
  const { check } = await import('./filter-schemas.ts')
  return check(filter, text)
}
