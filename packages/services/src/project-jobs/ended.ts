import { sql } from 'kysely'

/** What ends a job. It is kept for a while, and what was asked for can name people: whom it erased, or was to look for. */
export const ENDED = { finished_at: sql<Date>`now()`, input: '{}' }
