import { searchOf, type FiltersOf } from '../../ui/search.ts'

export type RequestFilters = FiltersOf<'requests'>

export const requestSearch = searchOf<RequestFilters>({
  requestId: 'text',
  keyId: 'id',
  caller: { key: true, person: true },
  operation: 'text',
  statusClass: { '2xx': true, '3xx': true, '4xx': true, '5xx': true },
  code: 'text',
  since: 'moment',
  until: 'moment',
})
