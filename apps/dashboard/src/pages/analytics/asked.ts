import type { NumberSearch } from './search.ts'
import { ownZone } from '../../ui/own-zone.ts'

export type Granularity = NonNullable<NumberSearch['granularity']>

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30

/** How many days one can look at hour by hour, and so on, so that what is drawn can be told apart. */
const LONGEST: Record<Granularity, number> = { hour: 8, day: 100, week: 400, month: 400 }
const SHORTEST: Record<Granularity, number> = { hour: 0, day: 2, week: 14, month: 60 }

export const UNITS: Record<Granularity, string> = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' }

export interface Span {
  since: string
  /** Undefined: up to now. */
  until: string | undefined
  days: number
}

/** The span to show: the one that was chosen, or the last thirty days of the viewer, today included. */
export function spanOf({ since, until }: NumberSearch, now = new Date()): Span {
  const end = until === undefined ? now : new Date(until)
  const begin = since === undefined ? beforeDays(end, DEFAULT_DAYS) : new Date(since)
  return { since: begin.toISOString(), until, days: (end.getTime() - begin.getTime()) / DAY_MS }
}

/** Midnight before the first of so many days, of which the last has just begun or is on. */
function beforeDays(end: Date, days: number): Date {
  const last = new Date(end.getTime() - 1)
  return new Date(last.getFullYear(), last.getMonth(), last.getDate() - days + 1)
}

/** What the span can be divided into. */
export const granularitiesOf = ({ days }: Span): Granularity[] =>
  (Object.keys(UNITS) as Granularity[]).filter((one) => days <= LONGEST[one] && days >= SHORTEST[one]) // Safe because these are its keys.

export function granularityOf({ granularity }: NumberSearch, span: Span): Granularity {
  const possible = granularitiesOf(span)
  if (granularity !== undefined && possible.includes(granularity)) return granularity
  if (span.days <= 2) return 'hour'
  return possible.includes('day') ? 'day' : 'week'
}

export const zoneOf = ({ timeZone }: NumberSearch): string => timeZone ?? ownZone()
