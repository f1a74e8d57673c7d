import { LIMITS } from '@posthorn/contracts'
import { STREAMS } from '@posthorn/outbox'
import { sql, type RawBuilder } from 'kysely'
import { fieldRefusal } from '../errors.ts'
import type { Dimension } from './counted.ts'

const DAY_MS = 86_400_000
const QUARTER_MS = 900_000
const DEFAULT_DAYS = 30

export interface Span {
  since: Date
  until: Date
}

interface Asked {
  since?: Date | undefined
  until?: Date | undefined
}

/** The years that can be widened to whole points, and the span before them, and still be told with four digits. */
const FIRST_YEAR = 1970
const LAST_YEAR = 9998

function requireYear(field: 'since' | 'until', at: Date): void {
  const year = at.getUTCFullYear()
  if (year >= FIRST_YEAR && year <= LAST_YEAR) return
  throw fieldRefusal(field, `Expected a time in the years ${FIRST_YEAR} to ${LAST_YEAR}.`)
}

/** The span that is asked for, in whole quarters of an hour: numbers are not known finer. */
export function spanOf({ since, until = new Date() }: Asked): Span {
  requireYear('until', until)
  if (since !== undefined) requireYear('since', since)
  const end = Math.ceil(until.getTime() / QUARTER_MS) * QUARTER_MS
  const begin = Math.floor((since?.getTime() ?? end - DEFAULT_DAYS * DAY_MS) / QUARTER_MS) * QUARTER_MS
  if (begin >= end) throw fieldRefusal('since', 'It has to lie before `until`.')
  // A day more, as the first of them may begin before the span.
  if (end - begin > (LIMITS.statsDays + 1) * DAY_MS) {
    throw fieldRefusal('since', `At most ${LIMITS.statsDays} days at once.`)
  }
  return { since: new Date(begin), until: new Date(end) }
}

export interface Filter {
  stream?: keyof typeof STREAMS | undefined
  template?: string | undefined
  domain?: string | undefined
}

/** Which of the ways that mails are counted in answers what is asked for; none knows both template and domain. */
export function dimensionOf({ template, domain }: Filter, groupBy?: string): Dimension {
  const byTemplate = template !== undefined || groupBy === 'template'
  const byDomain = domain !== undefined || groupBy === 'domain'
  if (byTemplate && byDomain) throw fieldRefusal('domain', 'Mails are not counted by template and domain at once.')
  return byTemplate ? 'template' : byDomain ? 'domain' : 'all'
}

/** The `where` of what was counted. */
export function matching({ stream, template, domain }: Filter): RawBuilder<boolean> {
  const name = template ?? domain
  return sql<boolean>`${stream === undefined ? sql`true` : sql`stream = ${STREAMS[stream]}`}
    and ${name === undefined ? sql`true` : sql`name = ${name}`}`
}

export const moment = (date: Date): RawBuilder<Date> => sql`${date}::timestamptz`
