import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { announce } from '../changes.ts'
import { changeContact } from '../contacts/change.ts'
import { newId } from '../ids.ts'
import type { Linked } from './links.ts'

/** A contact, as the page shows it that their links lead to. */
export interface Recipient {
  email: string
  subscribed: boolean
  /** The contact's, or else the project's. */
  language: string
  projectName: string
}

/** Undefined where the contact or its project is gone. */
export async function findRecipient(db: Db, { projectId, contactId }: Linked): Promise<Recipient | undefined> {
  const { rows } = await sql<Recipient>`
    select email, subscribed, coalesce(data->>'locale', language) as language, name as "projectName"
    from contacts join projects on projects.id = contacts.project_id and deleted_at is null
    where contacts.project_id = ${projectId} and contacts.id = ${contactId}
  `.execute(db)
  return rows[0]
}

interface Decision extends Linked {
  subscribed: boolean
  how: 'page' | 'one-click'
  ip: string | undefined
  userAgent: string | undefined
}

/** So many of a contact are kept, the newest: who has a link could decide back and forth without end. */
const KEPT_DECISIONS = 100

/** Does what a recipient decided, and keeps that they did. What is so already changes nothing and is not kept. */
export async function changeConsent(db: Db, decision: Decision): Promise<Recipient | undefined> {
  const { projectId, contactId, subscribed, how, ip, userAgent } = decision
  return db.transaction().execute(async (trx) => {
    const recipient = await findRecipient(trx, { projectId, contactId })
    if (recipient === undefined) return undefined
    const changed = await changeContact(trx, { projectId, id: contactId, subscribed })
    if (changed === undefined) return findRecipient(trx, { projectId, contactId })
    await trx
      .insertInto('consent_log')
      .values({
        project_id: projectId,
        contact_id: contactId,
        id: newId(),
        subscribed,
        how,
        ip: ip ?? null,
        user_agent: userAgent ?? null,
      })
      .execute()
    await sql`
      delete from consent_log where project_id = ${projectId} and contact_id = ${contactId} and id = any(array(
        select id from consent_log where project_id = ${projectId} and contact_id = ${contactId}
        order by id desc offset ${KEPT_DECISIONS}))
    `.execute(trx)
    await announce(trx, projectId, 'contacts')
    return { ...recipient, subscribed }
  })
}
