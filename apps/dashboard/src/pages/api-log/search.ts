import { searchOf, type FiltersOf } from '../../ui/search.ts'

export type RequestFilters = FiltersOf<'requests'>

export const requestSearch = searchOf<RequestFilters>({
  requestId: true,
  keyId: true,
  operation: true,
  statusClass: true,
  code: true,
  since: true,
  until: true,
})
