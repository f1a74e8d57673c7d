import type { WireInput } from '@posthorn/contracts'
import { searchOf, type FiltersOf } from '../../ui/search.ts'

type Asked = WireInput<'analytics', 'timeseries'>

/** What the numbers are narrowed to and how they are divided; what is left out is chosen by `asked`. */
export interface NumberSearch {
  since?: string | undefined
  until?: string | undefined
  stream?: Asked['stream']
  granularity?: Asked['granularity']
  groupBy?: Exclude<Asked['groupBy'], 'none'>
  timeZone?: string | undefined
}

export const numberSearch = searchOf<NumberSearch>({
  since: 'moment',
  until: 'moment',
  stream: { transactional: true, workflow: true, campaign: true },
  granularity: { hour: true, day: true, week: true, month: true },
  groupBy: { stream: true, template: true, domain: true },
  timeZone: 'text',
})

/** What the page asks in our own words. */
export type FeedFilters = Omit<FiltersOf<'activity'>, 'types' | 'contactId' | 'startDate' | 'endDate'>

export const feedSearch = searchOf<FeedFilters>({
  type: { email: true, event: true, contact: true, consent: true, template: true, job: true },
  contact: 'text',
  template: 'id',
  since: 'moment',
  until: 'moment',
})
