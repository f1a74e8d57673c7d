import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { hasEnded } from './claim.ts'
import type { Stream } from './streams.ts'

/** The line of one project's mail of one kind. */
export interface Lane {
  projectId: string
  stream: Stream
  /** Until its first email is due; zero or less: now. */
  dueInMs: number
}

/**
 * Every lane of a living project that holds mail, with the time until its first is due. Steps over the index from lane to lane, so the
 * cost grows with the number of lanes and not with the number of waiting emails.
 */
export async function lanes(db: Db): Promise<Lane[]> {
  const { rows } = await sql<Lane>`
    with recursive lane as (
      (select project_id, stream, due_at from outbox order by project_id, stream, due_at limit 1)
      union all
      select next.* from lane cross join lateral (
        select project_id, stream, due_at from outbox
        where (project_id, stream) > (lane.project_id, lane.stream)
        order by project_id, stream, due_at limit 1
      ) next
    )
    select project_id as "projectId", stream, (extract(epoch from due_at - now()) * 1000)::float8 as "dueInMs"
    from lane where not ${hasEnded(sql.ref('lane.project_id'))}
    order by lane.project_id, stream
  `.execute(db)
  return rows
}
