import type { KeyKind, Scope } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { SENDER, type Sender } from '../senders.ts'

export interface FoundKey {
  id: string
  projectId: string
  kind: KeyKind
  name: string
  scopes: Scope[] | null
  allowedIps: string[]
  /** False once it was revoked, has expired by the database's clock, or its project has ended. */
  live: boolean
  projectLives: boolean
  /** From whom its project may send, known from the same look-up. */
  sender: Sender
  /** What public keys of its project overwrite of a contact. */
  browserFields: string[]
}

/** Looks keys up by their hashes. Never cached: a key that was revoked is dead in every process at once. */
export async function findKeys(db: Db, hashes: readonly Buffer[]): Promise<(FoundKey | undefined)[]> {
  const { rows } = await sql<FoundKey & { hash: Buffer }>`
    select api_keys.id, project_id as "projectId", kind, api_keys.name, scopes, allowed_ips as "allowedIps", hash,
      revoked_at is null and coalesce(expires_at > now(), true) and deleted_at is null as live,
      deleted_at is null as "projectLives", ${SENDER} as sender, browser_fields as "browserFields"
    from api_keys join projects on projects.id = project_id
    where hash = any(${hashes}::bytea[])
  `.execute(db)
  const byHash = new Map(rows.map((row) => [row.hash.toString('latin1'), row]))
  return hashes.map((hash) => byHash.get(hash.toString('latin1')))
}
