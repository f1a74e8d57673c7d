import type { Noun, Operations, WireInput } from '@posthorn/contracts'

/** What can be listed. */
export type ListedNoun = { [N in Noun]: Operations[N] extends { list: object } ? N : never }[Noun]

/** The filters in the contract of a list, without its paging. */
export type FiltersOf<N extends ListedNoun> = Omit<WireInput<N, 'list' & keyof Operations[N]>, 'limit' | 'cursor'>

/** What a filter can hold: text of any kind, an id, a moment of ISO 8601, or one of these values. */
type Kind<Value> = 'text' | 'id' | 'moment' | Record<Value & string, true>

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/
export const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i

function fits(kind: Kind<string>, text: string): boolean {
  if (kind === 'text') return true
  if (kind === 'id') return UUID.test(text)
  if (kind === 'moment') return MOMENT.test(text) && !Number.isNaN(Date.parse(text))
  return Object.hasOwn(kind, text)
}

/**
 * The search parameters of a list's page: the filters of its contract, all of them, by name. What the page could not show
 * is dropped, as from a mistyped link; the rest is for the server to check, so that no page brings all schemas along
 * only to be shown.
 */
export function searchOf<Filters extends object>(kinds: {
  [Name in keyof Filters]-?: Kind<NonNullable<Filters[Name]>>
}) {
  return (search: Record<string, unknown>): Filters => {
    const given = Object.entries<Kind<string>>(kinds).flatMap(([name, kind]) => {
      // The router reads as a number or as yes and no what was typed as text.
      const value = search[name]
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return []
      return fits(kind, String(value)) ? [[name, String(value)]] : []
    })
    return Object.fromEntries(given) as Filters // Safe because the server refuses what is not one of them.
  }
}
