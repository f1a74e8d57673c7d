import { createHash } from 'node:crypto'
import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'

/** What is kept of the address of somebody who refuses and is no contact any more; see `address_hash` in the schema. */
export const hashOfAddress = (projectId: string, email: string): Buffer =>
  createHash('sha256').update(`${projectId} ${email}`).digest()

/** The same in SQL, of columns or of values. */
const addressHash = (projectId: RawBuilder<unknown>, email: RawBuilder<unknown>): RawBuilder<Buffer> =>
  sql<Buffer>`address_hash(${projectId}, ${email})`

/** Whether mail to this address was refused by somebody who was erased, or deleted, or has another address since. */
export const isRefused = (projectId: RawBuilder<unknown>, email: RawBuilder<unknown>): RawBuilder<boolean> =>
  // Most projects have none, and need not hash a single address.
  sql<boolean>`(exists (select from refused_addresses where project_id = ${projectId}) and exists (
    select from refused_addresses where project_id = ${projectId} and hash = ${addressHash(projectId, email)}))`

/** Keeps that mail to these addresses is refused. */
export async function keepRefusals(db: Db, projectId: string, emails: readonly string[]): Promise<void> {
  await db
    .insertInto('refused_addresses')
    .values(emails.map((email) => ({ project_id: projectId, hash: hashOfAddress(projectId, email) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Forgets that mail to an address was refused, since whoever has it agreed anew. */
export async function forgetRefusal(db: Db, projectId: string, email: string): Promise<void> {
  await db
    .deleteFrom('refused_addresses')
    .where('project_id', '=', projectId)
    .where('hash', '=', hashOfAddress(projectId, email))
    .execute()
}

/** Table expression for the same: `agreed` has the project_id and email of those who did. */
export const forgottenRefusals = (agreed: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  refusals_forgotten as (
    delete from refused_addresses using ${agreed} agreed
    where refused_addresses.project_id = agreed.project_id
      and hash = ${addressHash(sql.ref('agreed.project_id'), sql.ref('agreed.email'))})`
