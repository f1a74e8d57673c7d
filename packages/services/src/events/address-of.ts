import { contactNotFound } from '../contacts/read.ts'
import type { Context } from '../context.ts'

/** The address of a contact that an event names by its id. */
export async function addressOf({ db, actor }: Context, contactId: string): Promise<string> {
  const contact = await db
    .selectFrom('contacts')
    .select('email')
    .where('project_id', '=', actor.projectId)
    .where('id', '=', contactId)
    .executeTakeFirst()
  if (contact === undefined) throw contactNotFound()
  return contact.email
}
