import { searchOf, type FiltersOf } from '../../ui/search.ts'

/** The filters of the list, in the contract's own words; the address of the page holds them. */
export type EmailFilters = FiltersOf<'emails'>

export const emailSearch = searchOf<EmailFilters>({
  status: true,
  stream: true,
  to: true,
  recipient: true,
  subject: true,
  search: true,
  tag: true,
  since: true,
  until: true,
})
