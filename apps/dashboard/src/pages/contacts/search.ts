import { searchOf, type FiltersOf } from '../../ui/search.ts'

export type ContactFilters = FiltersOf<'contacts'>

export const contactSearch = searchOf<ContactFilters>({
  search: 'text',
  field: 'text',
  value: 'text',
  subscribed: { true: true, false: true },
})

/** What the list of fields is narrowed to. */
export const fieldSearch = searchOf<{ search?: string }>({ search: 'text' })
