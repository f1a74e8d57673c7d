import type { ColumnType, Generated } from 'kysely'

type Moment = ColumnType<Date, Date | string, Date | string>

/** What becomes of mail, in numbers. */
export interface AnalyticsTables {
  /** What one statement counted, and nobody has added up yet: its lists go side by side. */
  email_tallies: {
    project_id: string
    id: Generated<string>
    quarter: Moment
    streams: number[]
    template_ids: (string | null)[]
    domains: string[]
    /** Null: none of them. */
    accepted: number[] | null
    sent: number[] | null
    failed: number[] | null
    deferred: number[] | null
  }
  email_stats: {
    project_id: string
    /** What the name is one of. All mails are counted in each of the three. */
    dimension: 'all' | 'template' | 'domain'
    /** When the quarter of an hour begins. */
    quarter: Moment
    /** The id of a template, or a domain; empty for those of no template, and of the domains that are too many. */
    name: string
    stream: number
    accepted: Generated<number>
    sent: Generated<number>
    failed: Generated<number>
    /** Attempts that were put off, of which one email can have several. */
    deferred: Generated<number>
  }
  /** Days (UTC) of which not all domains may stay by name. */
  email_stats_days: {
    project_id: string
    day: string
  }
  /** The addresses that a contact had before; kept by a trigger. */
  contact_addresses: {
    project_id: string
    contact_id: string
    email: string
  }
}
