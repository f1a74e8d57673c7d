import { sql, type RawBuilder } from 'kysely'

/** The channel on which commits tell what changed; a notice reads `project-id what`. */
export const CHANGES_CHANNEL = 'posthorn_changes'

/**
 * A query that tells of a change in each of the projects, where somebody looks. Nobody pays for being looked at who is
 * not: notices pass one lock of the whole server when their transaction commits.
 */
export const toldChange = (change: string, projectIds: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select pg_notify(${sql.lit(CHANGES_CHANNEL)}, project_id || ${sql.lit(` ${change}`)}) from live_watches
  where watched_until > now() and project_id in (${projectIds})
    and exists (select from live_watches where watched_until > now())`
