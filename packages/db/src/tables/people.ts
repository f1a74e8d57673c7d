import type { ColumnType, Generated } from 'kysely'
import type { StoredRole } from '../tables.ts'
import type { Json, Moment } from './columns.ts'

/** Who signs in, and what they may do where. */
export interface PeopleTables {
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
