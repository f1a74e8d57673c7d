import type { ColumnType, Generated, JSONColumnType } from 'kysely'

type Moment = ColumnType<Date, Date | string | undefined, Date | string>
type NullableMoment = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

/** What a caller said of how the person agreed, as it waits for the person to confirm. */
export interface StoredConsent {
  source: string
  text?: string | undefined
  ip?: string | undefined
  userAgent?: string | undefined
  at?: string | undefined
}

/** The lists that people choose from, what they chose, and what waits for their word. */
export interface ConsentTables {
  refused_addresses: {
    project_id: string
    /** See `address_hash` in the schema. */
    hash: Buffer
    /** Since when. */
    at: Generated<Date>
  }
  /** Topics that were left by people who are no contacts any more. */
  refused_topics: {
    project_id: string
    hash: Buffer
    topic_id: string
    at: Moment
  }
  topics: {
    project_id: string
    /** A name for programs, such as `weekly`. */
    id: string
    name: string
    description: string | null
    /** What holds for who chose nothing. */
    subscribed_by_default: boolean
    double_opt_in: boolean
    /** Whether recipients see it on the page that their links lead to. */
    visible: boolean
    created_at: Moment
    updated_at: Moment
  }
  contact_topics: {
    project_id: string
    contact_id: string
    topic_id: string
    subscribed: boolean
    at: Moment
  }
  /** Who left a topic that was deleted since. */
  left_topics: {
    project_id: string
    contact_id: string
    topic_id: string
    at: Moment
  }
  /** What waits for the word of the person. */
  confirmations: {
    project_id: string
    contact_id: string
    /** Stands in the link that asks them. */
    id: string
    /** The address that was asked: confirming it says nothing of another one. */
    email: string
    /** Whether it is about all mail, */
    subscribes: boolean
    /** and about which topics. */
    topics: string[]
    consent: JSONColumnType<StoredConsent, string | null> | null
    /** How many mails asked since `day_began`. */
    mails: Generated<number>
    day_began: Moment
    mailed_at: Moment
    expires_at: Moment
    confirmed_at: NullableMoment
  }
}
