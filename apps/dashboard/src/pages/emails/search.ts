import { searchOf, type FiltersOf } from '../../ui/search.ts'

/** The filters of the list, in the contract's own words; the address of the page holds them. */
export type EmailFilters = FiltersOf<'emails'>

export const emailSearch = searchOf<EmailFilters>({
  status: { queued: true, scheduled: true, sending: true, sent: true, deferred: true, failed: true, cancelled: true },
  stream: { transactional: true, workflow: true, campaign: true },
  to: 'text',
  recipient: 'text',
  subject: 'text',
  search: 'text',
  tag: 'text',
  since: 'moment',
  until: 'moment',
})
