import type { Db, Tables } from '@posthorn/db'
import { sql, type Selectable } from 'kysely'
import { ApiError, breaksConstraint } from '../errors.ts'
import { splitData, type Data } from './merge.ts'

interface Change {
  projectId: string
  id: string
  email?: string | undefined
  subscribed?: boolean | undefined
  /** Merged key by key; null: all of it goes. */
  data?: Data | null | undefined
}

/** Changes a contact; undefined where it is as wished already. */
export async function changeContact(
  db: Db,
  { projectId, id, email, subscribed, data }: Change,
): Promise<Selectable<Tables['contacts']> | undefined> {
  const wanted = {
    email: email === undefined ? sql<string>`email` : sql<string>`${email}`,
    subscribed: subscribed === undefined ? sql<boolean>`subscribed` : sql<boolean>`${subscribed}`,
    data:
      data === null
        ? sql<string>`'{}'::jsonb`
        : sql<string>`merge_data(data, ${JSON.stringify(splitData(data).persistent)}::jsonb)`,
  }
  try {
    return await db
      .updateTable('contacts')
      .set({ ...wanted, updated_at: sql<Date>`now()` })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .where(
        sql<boolean>`(email, subscribed, data) is distinct from
          (${wanted.email}::text, ${wanted.subscribed}::boolean, ${wanted.data})`,
      )
      .returningAll()
      .executeTakeFirst()
  } catch (error) {
    if (!breaksConstraint(error, 'contacts_project_id_email_key')) throw error
    throw new ApiError('CONTACT_EXISTS', `Another contact of the project has the address ${email} already.`, {
      suggestion: 'Change that contact instead, or delete one of the two first.',
    })
  }
}
