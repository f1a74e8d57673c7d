import type { ColumnType, Generated } from 'kysely'
import type { StoredActor } from '../tables.ts'

type Moment = ColumnType<Date, Date | undefined, Date>
type NullableMoment = ColumnType<Date | null, Date | undefined, Date | null>
type Json<Value> = ColumnType<Value, string, string>

/** Long work of a project, in steps that each are a transaction with its progress. */
export interface ProjectJobTables {
  project_jobs: {
    project_id: string
    id: string
    kind: string
    status: Generated<'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'>
    /** What was asked for. */
    input: Json<Record<string, unknown>>
    /** From where the next step goes on. */
    state: ColumnType<Record<string, unknown>, string | undefined, string>
    done_items: Generated<number>
    /** Null until they are counted. */
    total_items: number | null
    /** What came of it so far. */
    result: ColumnType<Record<string, unknown> | null, string | undefined, string>
    /** Why it failed, in words for people. */
    error: string | null
    /** How many tries in a row came to nothing by a fault of ours. */
    faults: Generated<number>
    asked_by: Json<StoredActor>
    created_at: Moment
    started_at: NullableMoment
    finished_at: NullableMoment
  }
}
