import { KEY_SCOPES, type KeyKind, type Output, type Scope } from '@posthorn/contracts'
import type { Db, Tables } from '@posthorn/db'
import { sql, type Selectable } from 'kysely'
import { newId } from '../ids.ts'
import { ApiError } from '../errors.ts'
import type { SecretBox } from '../secrets.ts'
import { hashKey, hintOf, makeKey } from './format.ts'

type Row = Selectable<Tables['api_keys']>
type StatusRow = Row & { status: 'active' | 'expiring' | 'expired' | 'revoked' }

export interface NewKey {
  projectId: string
  kind: KeyKind
  name: string
  /** Null: what the kind holds by default. */
  scopes: Scope[] | null
  allowedIps: string[]
  expiresAt: Date | null
}

/** Stores a new key: its hash to look it up by, and the key itself only where it is public, or sealed. */
export async function insertKey(db: Db, secrets: SecretBox, wanted: NewKey): Promise<{ id: string; key: string }> {
  const id = newId()
  const key = makeKey(wanted.kind)
  await db
    .insertInto('api_keys')
    .values({
      id,
      project_id: wanted.projectId,
      kind: wanted.kind,
      name: wanted.name,
      hash: hashKey(key),
      hint: hintOf(key),
      encrypted: wanted.kind === 'secret' ? secrets.seal(key, id) : null,
      public_key: wanted.kind === 'public' ? key : null,
      scopes: wanted.scopes,
      allowed_ips: wanted.allowedIps,
      expires_at: wanted.expiresAt,
      last_used_ip: null,
      replaced_by: null,
    })
    .execute()
  return { id, key }
}

export function selectKeys(db: Db, projectId: string) {
  return db
    .selectFrom('api_keys')
    .selectAll()
    .select(
      sql<StatusRow['status']>`case
        when revoked_at is not null then 'revoked'
        when expires_at <= now() then 'expired'
        when replaced_by is not null then 'expiring'
        else 'active' end`.as('status'),
    )
    .where('project_id', '=', projectId)
}

/** The key itself, from where it is kept. Refuses with KEY_NOT_READABLE what another master key sealed. */
export function keyOf(row: Row, secrets: SecretBox): string {
  if (row.encrypted === null) return row.public_key ?? ''
  try {
    return secrets.open(row.encrypted, row.id)
  } catch (error) {
    throw new ApiError('KEY_NOT_READABLE', 'This key was sealed under another master key, so it cannot be shown.', {
      suggestion:
        'It still works. Regenerate it, or have the operator start with the POSTHORN_SECRET that it was made under.',
      cause: error,
    })
  }
}

/** What a key may do. */
export function scopesOf({ scopes, kind }: Pick<Row, 'scopes' | 'kind'>): readonly Scope[] {
  return (scopes as Scope[] | null) ?? KEY_SCOPES[kind] // Safe because only scopes are stored.
}

export function present(row: StatusRow): Output<'keys', 'list'>['data'][number] {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    status: row.status,
    hint: row.hint,
    publicKey: row.public_key,
    scopes: [...scopesOf(row)],
    allowedIps: row.allowed_ips,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    lastUsedIp: row.last_used_ip,
    replacedBy: row.replaced_by,
  }
}
