import type { ColumnType } from 'kysely'

/** What recipients decided themselves, by the links in their mail. */
export interface ConsentLogTables {
  consent_log: {
    project_id: string
    contact_id: string
    id: string
    /** What came of it. */
    subscribed: boolean
    /** `one-click` is what mail programs send for their reader (RFC 8058). */
    how: 'page' | 'one-click'
    ip: string | null
    user_agent: string | null
    at: ColumnType<Date, Date | undefined, never>
  }
}
