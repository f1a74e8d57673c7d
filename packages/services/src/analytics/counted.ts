import { COUNTERS } from '@posthorn/outbox'
import { sql, type RawBuilder } from 'kysely'

export type Dimension = 'all' | 'template' | 'domain'

/** The name that a mail is counted under, as `gatherTallies` gives it. */
const NAME: Record<Dimension, RawBuilder<string>> = {
  all: sql`''`,
  template: sql`coalesce(one.template_id::text, '')`,
  domain: sql`one.domain`,
}

export interface Counted {
  projectId: string
  dimension: Dimension
  /** SQL of moments: the first quarter of an hour that counts, and the first that does not. */
  since: RawBuilder<Date>
  until: RawBuilder<Date>
}

const lists = sql.raw(COUNTERS.map((name) => `tally.${name}`).join(', '))
const columns = sql.raw(COUNTERS.join(', '))
const ones = sql.raw(COUNTERS.map((name) => `coalesce(one.${name}, 0)`).join(', '))

/** A query of what was counted: quarter, name, stream and the counters, also of what is not added up yet. */
export function countedMails({ projectId, dimension, since, until }: Counted): RawBuilder<unknown> {
  return sql`
    select quarter, name, stream, ${columns} from email_stats
    where project_id = ${projectId} and dimension = ${dimension} and quarter >= ${since} and quarter < ${until}
    union all
    select quarter, ${NAME[dimension]}, one.stream, ${ones}
    from email_tallies tally, unnest(streams, template_ids, domains, ${lists})
      as one (stream, template_id, domain, ${columns})
    where project_id = ${projectId} and quarter >= ${since} and quarter < ${until}`
}

/** The columns of the sums. Postgres adds integers up to something that would arrive as a text. */
export const SUMS = sql.raw(COUNTERS.map((name) => `coalesce(sum(${name}), 0)::float8 as ${name}`).join(', '))

export interface Numbers {
  accepted: number
  sent: number
  failed: number
  deferred: number
}

export const numbersOf = ({ accepted, sent, failed, deferred }: Numbers): Numbers => ({
  accepted,
  sent,
  failed,
  deferred,
})

export function sumOf(numbers: readonly Numbers[]): Numbers {
  const sum = { accepted: 0, sent: 0, failed: 0, deferred: 0 }
  for (const one of numbers) for (const name of COUNTERS) sum[name] += one[name]
  return sum
}
