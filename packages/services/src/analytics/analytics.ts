import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Handlers } from '../handlers.ts'
import { countedMails, numbersOf, SUMS, sumOf, type Numbers } from './counted.ts'
import { groupOf } from './groups.ts'
import { dimensionOf, matching, moment, spanOf, type Filter, type Span } from './span.ts'
import { timeseries } from './timeseries.ts'

export const analytics: Handlers<'analytics'> = {
  timeseries,

  async summary(ctx, asked) {
    const span = spanOf(asked)
    const before = { since: new Date(2 * span.since.getTime() - span.until.getTime()), until: span.since }
    const { total, previous } = await sums(ctx, asked, { span, before })
    return { ...span, total, previous: { ...before, total: previous } }
  },

  async top({ db, actor: { projectId } }, asked) {
    const span = spanOf(asked)
    const { by, sort, limit, stream } = asked
    const mails = countedMails({ projectId, dimension: by, since: moment(span.since), until: moment(span.until) })
    const column = sql.ref(sort)
    const { rows } = await sql<Numbers & { key: string | null; template: string | null }>`
      with mails as (
        select name, ${SUMS} from (${mails}) counted where ${matching({ stream })} group by name
      ), largest as (
        select name from mails where not (${by === 'domain'} and name = '') order by ${column} desc, accepted desc, name
        limit ${limit}
      ), shown as (
        select largest.name as key, ${SUMS} from mails left join largest using (name) group by 1
      )
      select shown.*, templates.name as template
      from shown left join templates on ${by === 'template'} and templates.project_id = ${projectId}
        and templates.id::text = shown.key
      order by key is null, ${column} desc, accepted desc, key
    `.execute(db)
    return {
      ...span,
      total: sumOf(rows),
      data: rows.map((row) => ({ ...groupOf(by, row.key, row.template), ...numbersOf(row) })),
    }
  },
}

/** The numbers of a span and of the one before it, in one look. */
async function sums(
  { db, actor: { projectId } }: Context,
  filter: Filter,
  { span, before }: { span: Span; before: Span },
): Promise<{ total: Numbers; previous: Numbers }> {
  const mails = countedMails({
    projectId,
    dimension: dimensionOf(filter),
    since: moment(before.since),
    until: moment(span.until),
  })
  const { rows } = await sql<Numbers & { is_now: boolean }>`
    select quarter >= ${moment(span.since)} as is_now, ${SUMS} from (${mails}) counted where ${matching(filter)} group by 1
  `.execute(db)
  const of = (isNow: boolean) => sumOf(rows.filter((row) => row.is_now === isNow))
  return { total: of(true), previous: of(false) }
}
