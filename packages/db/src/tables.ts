import type { ColumnType, Generated } from 'kysely'
import type { Json, Moment, NullableMoment } from './tables/columns.ts'
import type { ConsentTables } from './tables/consent.ts'
import type { AnalyticsTables } from './tables/analytics.ts'
import type { ContactFieldTables } from './tables/contact-fields.ts'
import type { ConsentLogTables } from './tables/consent-log.ts'
import type { EventNameTables } from './tables/event-names.ts'
import type { ImageTables } from './tables/images.ts'
import type { ImportTables } from './tables/imports.ts'
import type { MailTables } from './tables/mail.ts'
import type { PeopleTables } from './tables/people.ts'
import type { ProjectJobTables } from './tables/project-jobs.ts'
import type { TemplateTables } from './tables/templates.ts'

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
    MailTables,
    PeopleTables,
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
  idempotency_keys: {
    project_id: string
    key: string
    operation: string
    request_hash: Buffer
    response: ColumnType<unknown, string | null, string>
    created_at: Moment
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
}
