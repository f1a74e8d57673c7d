import { searchOf, type FiltersOf } from '../../ui/search.ts'

/** The filters of the log, in the contract's own words; the address of the page holds them. */
export type AuditFilters = FiltersOf<'audit'>

export const auditSearch = searchOf<AuditFilters & { entry?: string | undefined }>({
  actor: 'text',
  action: 'text',
  target: 'text',
  since: 'moment',
  until: 'moment',
  // The entry that is open.
  entry: 'id',
})
