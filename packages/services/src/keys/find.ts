import type { KeyKind, Scope } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

export interface FoundKey {
  id: string
  projectId: string
  kind: KeyKind
  name: string
  scopes: Scope[] | null
  allowedIps: string[]
  /** False once it was revoked or has expired, by the database's clock. */
  live: boolean
}

/** Looks keys up by their hashes. Never cached: a key that was revoked is dead in every process at once. */
export async function findKeys(db: Db, hashes: readonly Buffer[]): Promise<(FoundKey | undefined)[]> {
  const { rows } = await sql<FoundKey & { hash: Buffer }>`
    select id, project_id as "projectId", kind, name, scopes, allowed_ips as "allowedIps", hash,
      revoked_at is null and coalesce(expires_at > now(), true) as live
    from api_keys where hash = any(${hashes}::bytea[])
  `.execute(db)
  const byHash = new Map(rows.map((row) => [row.hash.toString('latin1'), row]))
  return hashes.map((hash) => byHash.get(hash.toString('latin1')))
}
