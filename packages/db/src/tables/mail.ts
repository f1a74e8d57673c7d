import type { ColumnType, Generated } from 'kysely'
import type { StoredMailbox } from '../tables.ts'
import type { Json, Moment, NullableMoment } from './columns.ts'

/** Mails, and what becomes of them. */
export interface MailTables {
  email_contents: {
    project_id: string
    id: string
    html: string | null
    text: string | null
    headers: Json<Record<string, string>>
    data: Json<Record<string, unknown>>
  }
  email_attachments: {
    project_id: string
    content_id: string
    position: number
    filename: string
    content_type: string
    inline_id: string | null
    disposition: 'attachment' | 'inline'
    size_bytes: number
    content: Buffer
  }
  emails: {
    project_id: string
    id: string
    content_id: string
    contact_id: string
    from_email: string
    from_name: string | null
    reply_to_email: string | null
    reply_to_name: string | null
    to_email: string
    to_name: string | null
    cc: Json<StoredMailbox[]>
    bcc: Json<StoredMailbox[]>
    subject: string
    tags: string[]
    stream: Generated<number>
    template_id: string | null
    /** Whether it goes to those alone who are subscribed, also when it is sent. */
    is_marketing: Generated<boolean>
    /** The topic whose choices it goes by. */
    topic_id: string | null
    captured: boolean
    scheduled_at: NullableMoment
    /** Null while the outbox holds the email. */
    outcome: 'sent' | 'failed' | 'cancelled' | null
    reason: string | null
    attempts: Generated<number>
    possibly_duplicate: Generated<boolean>
    sent_at: NullableMoment
    /** When it was sent, failed or was cancelled. */
    ended_at: NullableMoment
    created_at: Moment
  }
  outbox: {
    project_id: string
    email_id: string
    stream: number
    due_at: Moment
    /** When its life began: it is given up so long afterwards. */
    first_due_at: Moment
    attempts: Generated<number>
    lease_token: string | null
    /** Which of its claim's emails it is; zero and less are announced by the claim itself. Means nothing without a lease. */
    place: Generated<number>
    /** How often a server put it off for its own sake, which is what lengthens its waits. */
    deferrals: Generated<number>
    /** How many workers in a row took it and never reported back. */
    lost_leases: Generated<number>
    /** Those of its recipients that have it already. */
    delivered: Generated<string[]>
    /** Those who were refused for good, with what was said of each. */
    refused: ColumnType<Record<string, string>, string | undefined, string>
    reason: string | null
    size_bytes: number
  }
  outbox_claims: {
    project_id: string
    token: string
    /** The claim's emails up to this place may have been handed to a relay. */
    announced_to: number
    announced_at: Moment
  }
  email_attempts: {
    project_id: string
    email_id: string
    number: number
    started_at: Moment
    duration_ms: number
    outcome: 'accepted' | 'deferred' | 'rejected' | 'unknown'
    stage: string
    reason: string
    code: number | null
    enhanced_code: string | null
    words: string
    relay: string | null
  }
  relay_pauses: {
    relay: string
    paused_until: Moment
    reason: string
  }
  inbox_messages: {
    project_id: string
    id: string
    email_id: string
    envelope_from: string
    envelope_to: string[]
    subject: string
    size_bytes: number
    source: Buffer
    received_at: Moment
  }
}
