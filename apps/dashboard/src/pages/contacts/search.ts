import { searchOf, type FiltersOf } from '../../ui/search.ts'

export type ContactFilters = FiltersOf<'contacts'>

export const contactSearch = searchOf<ContactFilters>({ search: 'text', subscribed: { true: true, false: true } })
