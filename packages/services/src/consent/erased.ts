import { createHash } from 'node:crypto'
import { sql, type RawBuilder } from 'kysely'

/** What is kept of the address of somebody who was erased; see `address_hash` in the schema. */
export const hashOfAddress = (projectId: string, email: string): Buffer =>
  createHash('sha256').update(`${projectId} ${email}`).digest()

/** The same in SQL, of columns or of values. */
export const addressHash = (projectId: RawBuilder<unknown>, email: RawBuilder<unknown>): RawBuilder<Buffer> =>
  sql<Buffer>`address_hash(${projectId}, ${email})`

/** Whether the one with this address was erased from the project. */
export const isErased = (projectId: RawBuilder<unknown>, email: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`exists (
    select from erased_addresses where project_id = ${projectId} and hash = ${addressHash(projectId, email)})`
