import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { ConsentTables } from './tables/consent.ts'
import type { AnalyticsTables } from './tables/analytics.ts'
import type { ContactFieldTables } from './tables/contact-fields.ts'
import type { ConsentLogTables } from './tables/consent-log.ts'
import type { EventNameTables } from './tables/event-names.ts'
import type { ImageTables } from './tables/images.ts'
import type { ImportTables } from './tables/imports.ts'
import type { ProjectJobTables } from './tables/project-jobs.ts'
import type { TemplateTables } from './tables/templates.ts'

type Moment = ColumnType<Date, Date | string | undefined, Date | string>
type NullableMoment = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
type Json<Value> = JSONColumnType<Value & object, string | undefined>

export interface StoredMailbox {
  email: string
  name: string | null
}

/** Who did something: a key, a person, or Posthorn itself (the command line, the first start). */
export interface StoredActor {
  kind: 'key' | 'user' | 'system'
  id?: string
  name?: string
}

export type StoredRole = 'owner' | 'admin' | 'member' | 'viewer'

export interface Tables
  extends
    AnalyticsTables,
    ConsentTables,
    ConsentLogTables,
    ContactFieldTables,
    EventNameTables,
    ImageTables,
    ImportTables,
    ProjectJobTables,
    TemplateTables {
  projects: {
    id: string
    name: string
    default_sender_email: string
    default_sender_name: string | null
    created_at: Moment
    language: Generated<string>
    time_zone: Generated<string>
    postal_address: string | null
    /** Whether who subscribes is asked by mail to confirm it. */
    double_opt_in: Generated<boolean>
    retention_days: number | null
    /** What public keys overwrite of a contact. */
    browser_fields: Generated<string[]>
    /** Since when it is dead; its rows go in the background. */
    deleted_at: NullableMoment
  }
  api_keys: {
    id: string
    project_id: string
    kind: 'public' | 'secret'
    name: string
    hash: Buffer
    hint: string
    encrypted: Buffer | null
    public_key: string | null
    /** Null: what its kind holds by default, also where that grows. */
    scopes: string[] | null
    allowed_ips: string[]
    created_at: Moment
    expires_at: NullableMoment
    revoked_at: NullableMoment
    last_used_at: NullableMoment
    last_used_ip: string | null
    replaced_by: string | null
  }
  audit_log: {
    project_id: string
    id: string
    at: Moment
    actor: Json<StoredActor>
    action: string
    target: string | null
    detail: Json<Record<string, unknown>>
    ip: string | null
  }
  domains: {
    project_id: string
    domain: string
    trusted_at: Moment
  }
  contacts: {
    project_id: string
    id: string
    email: string
    data: Json<Record<string, unknown>>
    subscribed: boolean
    /** Since when the person refuses; null: they never did, or came back by a consent of theirs. */
    opted_out_at: NullableMoment
    created_at: Moment
    updated_at: Moment
  }
  events: {
    project_id: string
    id: string
    contact_id: string
    name: string
    data: Json<Record<string, unknown>>
    /** What the one who reported it calls it; what a public key calls so begins apart. */
    client_id: string | null
    created_at: Moment
  }
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
  live_watches: {
    project_id: string
    watched_until: Moment
  }
  api_requests: {
    project_id: string
    /** The id of the request, unless it brought one along. */
    id: string
    /** The id that the request brought along. */
    request_id: string | null
    at: Moment
    key_id: string | null
    user_id: string | null
    method: string
    operation: string
    status: number
    code: string | null
    duration_ms: number
    ip: string | null
  }
  relay_pauses: {
    relay: string
    paused_until: Moment
    reason: string
  }
  idempotency_keys: {
    project_id: string
    key: string
    operation: string
    request_hash: Buffer
    response: ColumnType<unknown, string | null, string>
    created_at: Moment
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
  members: {
    project_id: string
    user_id: string
    role: StoredRole
    joined_at: Moment
  }
  invitations: {
    project_id: string
    id: string
    email: string
    role: StoredRole
    token_hash: Buffer
    /** Null once that account is gone. */
    invited_by: string | null
    created_at: Moment
    expires_at: Moment
  }
  mailed_links: {
    project_id: string
    email_id: string
    /** What the link lives by: the identifier of a row of auth.verifications, */
    verification: string | null
    /** or the hash of the token of an invitation. */
    invitation: Buffer | null
  }
  project_deletions: {
    project_id: string
    /** The person who asked for it, and may see how far it is; null for the operator. */
    asked_by: string | null
    done_rows: ColumnType<string, number | undefined, number>
    total_rows: ColumnType<string, number, number>
    started_at: Moment
    /** Since when nothing is left but to wait for the last calls to end. */
    emptied_at: Moment | null
  }
  deleted_projects: {
    project_id: string
    id: string
    name: string
    deleted_at: Moment
    audit_kept_until: Moment
  }
  instance_setup: {
    is_only: Generated<true>
    /** Of the link that makes the first account; null while none was given out, and for good once it was made. */
    token_hash: Buffer | null
    completed_at: NullableMoment
    /** The project that the product’s own mail is sent from. */
    own_project_id: string | null
    /** When a request last named another sender and no proxy was trusted to do so. */
    forwarded_at: NullableMoment
  }
  'auth.users': {
    id: Generated<string>
    name: string
    email: string
    email_verified: boolean
    image: string | null
    is_instance_owner: ColumnType<boolean | null, boolean | undefined, boolean>
    two_factor_enabled: ColumnType<boolean | null, boolean | undefined, boolean>
    created_at: Moment
    updated_at: Moment
  }
  'auth.sessions': {
    id: Generated<string>
    user_id: string
    /** SHA-256 of the token, never the token. */
    token: string
    /** When it ends unless it is used before. */
    expires_at: Moment
    ip_address: string | null
    user_agent: string | null
    /** When it was last shown that the right person sits before it. */
    proven_at: Moment
    created_at: Moment
    /** When it was last used, at most a few minutes late. */
    updated_at: Moment
  }
  'auth.accounts': {
    id: Generated<string>
    user_id: string
    account_id: string
    provider_id: string
    /** As the provider signed it, where it did. */
    id_token: string | null
    password: string | null
    created_at: Moment
    updated_at: Moment
  }
  'auth.verifications': {
    id: Generated<string>
    /** SHA-256 of what the link or cookie says. */
    identifier: string
    value: string
    expires_at: Moment
    created_at: Moment
    updated_at: Moment
  }
  'auth.two_factors': { id: Generated<string>; user_id: string; verified: boolean | null }
  'auth.passkeys': { id: Generated<string>; user_id: string; name: string | null; credential_id: string }
  'auth.attempts': { key: Buffer; count: number; last_at: Moment; blocked_until: Moment }
  'auth.account_log': {
    user_id: string
    id: string
    at: Moment
    action: string
    ip: string | null
    user_agent: string | null
    detail: Json<Record<string, unknown>>
  }
  'auth.devices': { user_id: string; fingerprint: Buffer; seen_at: Moment }
}
