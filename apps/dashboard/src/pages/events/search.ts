import { searchOf, type FiltersOf } from '../../ui/search.ts'

/** Besides the filters, which event of the list is open. */
export type EventFilters = Pick<FiltersOf<'events'>, 'name' | 'email' | 'since' | 'until'> & {
  event?: string | undefined
}

/** A part of the names to show. */
export const eventNameSearch = searchOf<Pick<EventFilters, 'name'>>({ name: 'text' })

export const eventSearch = searchOf<EventFilters>({
  name: 'text',
  email: 'text',
  since: 'moment',
  until: 'moment',
  event: 'id',
})
