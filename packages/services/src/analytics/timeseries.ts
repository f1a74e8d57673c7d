import { LIMITS, type Input, type Output } from '@posthorn/contracts'
import { sql, type RawBuilder } from 'kysely'
import type { Context } from '../context.ts'
import { fieldRefusal } from '../errors.ts'
import { countedMails, numbersOf, SUMS, sumOf, type Numbers } from './counted.ts'
import { groupOf } from './groups.ts'
import { dimensionOf, matching, moment, spanOf, type Span } from './span.ts'
import { refusingUnknownZone } from './zones.ts'

type Asked = Input<'analytics', 'timeseries'>

interface Row extends Numbers {
  zone: string
  start: Date
  date: string
  /** Null where nothing was counted, and of what is not shown by itself. */
  name: string | null
  template: string | null
}

/**
 * SQL of the point that a quarter belongs to. Hours are counted in time as it passes, so that the one that a change of the
 * clock repeats is there twice. Longer ones go by the calendar, and begin with their first quarter: a midnight can come
 * twice, or never.
 */
const pointOf = (granularity: Asked['granularity'], quarter: RawBuilder<Date>): RawBuilder<unknown> =>
  granularity === 'hour'
    ? sql`date_trunc('hour', ${quarter}, zone.zone)`
    : sql`date_trunc(${granularity}, ${quarter} at time zone zone.zone)`

/** A quarter before the first of the point that one belongs to. No clock is put back by as much as a day. */
const before = (granularity: Asked['granularity'], quarter: RawBuilder<Date>): RawBuilder<Date> =>
  sql`date_bin('15 minutes', date_trunc(${granularity}, ${quarter} at time zone zone.zone) at time zone zone.zone
    - interval '1 day', timestamptz 'epoch')`

const HOUR_MS = 3_600_000
const LENGTH_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 28 * 24 * HOUR_MS }

export async function timeseries(ctx: Context, asked: Asked): Promise<Output<'analytics', 'timeseries'>> {
  const span = spanOf(asked)
  if ((span.until.getTime() - span.since.getTime()) / LENGTH_MS[asked.granularity] > LIMITS.pointsPerSeries - 2) {
    throw fieldRefusal('granularity', `At most ${LIMITS.pointsPerSeries} points; ask for longer ones.`)
  }
  const rows = await refusingUnknownZone(() => counted(ctx, asked, span))
  const [first] = rows
  const points = pointsOf(rows)
  return {
    timeZone: first?.zone ?? 'UTC',
    granularity: asked.granularity,
    since: first?.start ?? span.since,
    until: span.until,
    total: sumOf(rows),
    points,
    groups: asked.groupBy === 'none' ? [] : groupsOf(asked.groupBy, rows, points),
  }
}

type Point = Output<'analytics', 'timeseries'>['points'][number]

function pointsOf(rows: readonly Row[]): Point[] {
  return [...Map.groupBy(rows, ({ start }) => start.getTime()).values()].map((ofPoint) => {
    const { start, date } = ofPoint[0] as Row // Safe because a group has at least one.
    return { start, date, ...sumOf(ofPoint) }
  })
}

const NOTHING: Numbers = { accepted: 0, sent: 0, failed: 0, deferred: 0 }

function groupsOf(by: Exclude<Asked['groupBy'], 'none'>, rows: readonly Row[], points: readonly Point[]) {
  const filled = rows.filter((row) => sumOf([row]).accepted + row.sent + row.failed + row.deferred > 0)
  const groups = [...Map.groupBy(filled, ({ name }) => name).values()].map((ofGroup) => {
    const { name, template } = ofGroup[0] as Row // Safe because a group has at least one.
    const at = new Map(ofGroup.map((row) => [row.start.getTime(), numbersOf(row)]))
    return {
      ...groupOf(by, name, template),
      total: sumOf(ofGroup),
      points: points.map(({ start }) => at.get(start.getTime()) ?? NOTHING),
    }
  })
  const last = (kind: string) => Number(kind === 'rest')
  return groups.sort((a, b) => last(a.kind) - last(b.kind) || b.total.accepted - a.total.accepted)
}

/** Every point of the span, for each group that has something there and once for none. */
async function counted({ db, actor: { projectId } }: Context, asked: Asked, { since, until }: Span): Promise<Row[]> {
  const { granularity, groupBy, groups, timeZone } = asked
  const key = { none: sql`''`, stream: sql`stream::text`, template: sql`name`, domain: sql`name` }[groupBy]
  const mails = countedMails({
    projectId,
    dimension: dimensionOf(asked, groupBy),
    since: sql`(select min(start) from points)`,
    until: moment(until),
  })
  const { rows } = await sql<Row>`
    with zone as materialized (
      select coalesce(${timeZone ?? null}, (select time_zone from projects where id = ${projectId}), 'UTC') as zone
    ), quarters as materialized (
      select quarter, ${pointOf(granularity, sql`quarter`)} as point
      from zone, generate_series(${before(granularity, moment(since))}, ${moment(until)} - interval '1 microsecond',
        '15 minutes') quarter
      where ${pointOf(granularity, sql`quarter`)} >= ${pointOf(granularity, moment(since))}
    ), points as materialized (
      select point, min(quarter) as start from quarters group by point
    ), mails as materialized (
      select point, ${key} as key, ${SUMS} from (${mails}) counted join quarters using (quarter)
      where ${matching(asked)} group by 1, 2
    ), largest as (
      select key from mails where not (${groupBy === 'domain'} and key = '')
      group by key order by sum(accepted) desc, sum(sent) desc, key limit ${groups}
    ), shown as (
      select point, largest.key as name, ${SUMS} from mails left join largest using (key) group by 1, 2
    )
    select zone.zone, points.start, to_char(points.start at time zone zone.zone, 'YYYY-MM-DD') as date,
      shown.name, templates.name as template, coalesce(accepted, 0) as accepted, coalesce(sent, 0) as sent,
      coalesce(failed, 0) as failed, coalesce(deferred, 0) as deferred
    from zone cross join points left join shown using (point)
      left join templates on ${groupBy === 'template'} and templates.project_id = ${projectId}
        and templates.id::text = shown.name
    order by points.start
  `.execute(db)
  return rows
}
