import type { Noun, Operations, WireInput } from '@posthorn/contracts'

/** What can be listed. */
export type ListedNoun = { [N in Noun]: Operations[N] extends { list: object } ? N : never }[Noun]

/** The filters in the contract of a list, without its paging. */
export type FiltersOf<N extends ListedNoun> = Omit<WireInput<N, 'list' & keyof Operations[N]>, 'limit' | 'cursor'>

/**
 * The search parameters of a list's page: the filters of its contract, all of them, by name. Their types are the
 * contract's; whether they fit is for the server to say, so that no page brings all schemas along only to be shown.
 */
export function searchOf<Filters extends object>(names: Record<keyof Filters, true>) {
  return (search: Record<string, unknown>): Filters => {
    const given = Object.keys(names).flatMap((name) => {
      // The router reads as a number what was typed as text.
      const value = search[name]
      return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : []
    })
    return Object.fromEntries(given) as Filters // Safe because the server refuses what is not one of them.
  }
}
