import { sql, type RawBuilder } from 'kysely'

const SHARDS = 16

/** What is counted of mails: how many were accepted, sent and failed, and how many attempts were put off. */
export type Counter = 'accepted' | 'sent' | 'failed' | 'deferred'

/**
 * A query that adds to a project's numbers: for each of `rows`, which has a project_id and one column for each counter.
 * It is to run in the statement that makes them true.
 */
export function addedCounts(counters: readonly Counter[], rows: RawBuilder<unknown>): RawBuilder<unknown> {
  // Statements at the same time would wait for each other on one row, up to the end of the other's commit.
  const shard = Math.floor(Math.random() * SHARDS)
  const columns = sql.raw(counters.join(', '))
  const sums = sql.raw(counters.map((name) => `${name} = email_stats.${name} + excluded.${name}`).join(', '))
  return sql`
    insert into email_stats (project_id, quarter, shard, ${columns})
    select project_id, date_bin('15 minutes', now(), 'epoch'), ${shard}, ${columns} from (${rows}) added
    order by project_id
    on conflict (project_id, quarter, shard) do update set ${sums}`
}
