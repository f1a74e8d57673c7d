import { sql, type RawBuilder } from 'kysely'

/** What is counted of mails: how many were accepted, sent and failed, and how many attempts were put off. */
export const COUNTERS = ['accepted', 'sent', 'failed', 'deferred'] as const
export type Counter = (typeof COUNTERS)[number]

/**
 * A query that counts mails: `rows` has one for each, with its project_id, stream, template_id and to_email, and one
 * column for each counter. It is to run in the statement that makes the numbers true.
 */
export function tallied(counters: readonly Counter[], rows: RawBuilder<unknown>): RawBuilder<unknown> {
  const lists = (of: (counter: Counter) => string) => sql.raw(counters.map(of).join(', '))
  return sql`
    insert into email_tallies (project_id, quarter, streams, template_ids, domains, ${lists((name) => name)})
    select project_id, date_bin('15 minutes', now(), 'epoch'), array_agg(stream), array_agg(template_id),
      array_agg(domain), ${lists((name) => `array_agg(${name})`)}
    from (
      select project_id, stream, template_id, split_part(to_email, '@', -1) as domain,
        ${lists((name) => `sum(${name})::integer as ${name}`)}
      from (${rows}) counted group by 1, 2, 3, 4
    ) alike
    group by project_id`
}
