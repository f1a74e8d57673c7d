import { searchOf, type FiltersOf } from '../../ui/search.ts'

export type InboxFilters = FiltersOf<'inbox'>

export const inboxSearch = searchOf<InboxFilters>({ to: 'text', emailId: 'id' })
