import type { Selectable } from 'kysely'
import type { Tables } from '@posthorn/db'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { Data } from './merge.ts'

/** The contact of the actor's project with this id or address, or a refusal. */
export async function getContact(ctx: Context, idOrEmail: string) {
  const contact = await findContact(ctx, idOrEmail)
  if (contact === undefined) throw contactNotFound()
  return contact
}

/** The contact of the actor's project with this id or address, if there is one. */
export async function findContact({ db, actor }: Context, idOrEmail: string) {
  const row = await db
    .selectFrom('contacts')
    .selectAll()
    .where('project_id', '=', actor.projectId)
    .where(idOrEmail.includes('@') ? 'email' : 'id', '=', idOrEmail)
    .executeTakeFirst()
  return row && present(row)
}

export const contactNotFound = () => new ApiError('CONTACT_NOT_FOUND', 'The project has no such contact.')

export function present(row: Selectable<Tables['contacts']>) {
  return {
    id: row.id,
    email: row.email,
    subscribed: row.subscribed,
    optedOutAt: row.opted_out_at,
    data: row.data as Data, // Safe because only JSON is ever stored there.
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
