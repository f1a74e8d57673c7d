import { createHash } from 'node:crypto'
import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import { staysOut } from './agreed.ts'

/** What is kept of the address of somebody who refuses and is no contact any more; see `address_hash` in the schema. */
export const hashOfAddress = (projectId: string, email: string): Buffer =>
  createHash('sha256').update(`${projectId} ${email}`).digest()

/** The same in SQL, of columns or of values. */
export const addressHash = (projectId: RawBuilder<unknown>, email: RawBuilder<unknown>): RawBuilder<Buffer> =>
  sql<Buffer>`address_hash(${projectId}, ${email})`

/**
 * Whether mail to this address was refused by somebody who was erased, or deleted, or has another address since, and has
 * not agreed since then.
 */
export const isRefused = (
  projectId: RawBuilder<unknown>,
  email: RawBuilder<unknown>,
  agreed: RawBuilder<unknown>,
): RawBuilder<boolean> =>
  // Most projects have none, and need not hash a single address.
  sql<boolean>`(exists (select from refused_addresses where project_id = ${projectId}) and exists (
    select from refused_addresses where project_id = ${projectId} and hash = ${addressHash(projectId, email)}
      and ${staysOut(sql.ref('refused_addresses.at'), agreed)}))`

/** Keeps that mail to these addresses is refused. */
export async function keepRefusals(db: Db, projectId: string, emails: readonly string[]): Promise<void> {
  await db
    .insertInto('refused_addresses')
    .values(emails.map((email) => ({ project_id: projectId, hash: hashOfAddress(projectId, email) })))
    .onConflict((conflict) => conflict.columns(['project_id', 'hash']).doUpdateSet({ at: sql<Date>`now()` }))
    .execute()
}

/** Forgets that mail to an address was refused, since whoever has it agreed after that. */
export async function forgetRefusal(
  db: Db,
  { projectId, email, agreed }: { projectId: string; email: string; agreed: RawBuilder<unknown> },
): Promise<void> {
  await db
    .deleteFrom('refused_addresses')
    .where('project_id', '=', projectId)
    .where('hash', '=', hashOfAddress(projectId, email))
    .where(sql<boolean>`not ${staysOut(sql.ref('at'), agreed)}`)
    .execute()
}

/** Table expression for the same: `agreed` has the project_id, email and agreed_at of those who did. */
export const forgottenRefusals = (agreed: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  refusals_forgotten as (
    delete from refused_addresses using ${agreed} agreed
    where refused_addresses.project_id = agreed.project_id
      and hash = ${addressHash(sql.ref('agreed.project_id'), sql.ref('agreed.email'))}
      and not ${staysOut(sql.ref('refused_addresses.at'), sql.ref('agreed.agreed_at'))})`
