import type { ColumnType } from 'kysely'

type NullableMoment = ColumnType<Date | null, Date | undefined, Date | null>

export interface EventNameTables {
  event_names: {
    project_id: string
    name: string
    /** Which of the rows that together hold the numbers. */
    shard: number
    /** What was stored here less what was deleted here: of one shard it can be less than nothing. */
    count: string
    first_at: NullableMoment
    last_at: NullableMoment
  }
  event_days: {
    project_id: string
    /** In UTC. */
    day: string
    name: string
    /** As in `event_names`. */
    shard: number
    count: string
  }
}
