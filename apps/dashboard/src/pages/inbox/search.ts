import { searchOf, type FiltersOf } from '../../ui/search.ts'

export type InboxFilters = FiltersOf<'inbox'>

export const inboxSearch = searchOf<InboxFilters>({
  search: 'text',
  to: 'text',
  emailId: 'id',
  since: 'moment',
  until: 'moment',
})
