import type { ColumnType, JSONColumnType } from 'kysely'
import type { StoredActor } from '../tables.ts'

/** By which way a consent came or went; `one-click` is what mail programs send for their reader (RFC 8058). */
export type ConsentWay = 'page' | 'one-click' | 'confirmation' | 'api' | 'dashboard' | 'bulk' | 'import' | 'system'

/** What people agreed to and what they refused, and how one knows. */
export interface ConsentLogTables {
  consent_log: {
    project_id: string
    contact_id: string
    id: string
    /** The topic that it is about; null: all mail. */
    topic: string | null
    /** What came of it. */
    subscribed: boolean
    how: ConsentWay
    /** Who said it for the person; null: they did themselves. */
    actor: JSONColumnType<StoredActor, string | undefined> | null
    /** Where the person was, */
    ip: string | null
    /** and with which program. */
    user_agent: string | null
    /** Where the person agreed, in the words of the caller. */
    source: string | null
    /** The words that the person agreed to, or their version. */
    text: string | null
    /** When the person agreed, where the caller says so. */
    given_at: ColumnType<Date | null, Date | string | null | undefined, never>
    at: ColumnType<Date, Date | undefined, never>
  }
}
