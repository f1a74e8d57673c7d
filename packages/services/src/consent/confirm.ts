import { transact, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { announce } from '../changes.ts'
import { changeContact } from '../contacts/change.ts'
import { lockContacts } from '../contacts/remove.ts'
import { chooseOneself } from '../topics/choices.ts'
import { topicsOf } from '../topics/read.ts'
import type { Consent } from './proof.ts'

/** What somebody is asked to confirm, as the page shows it. */
export interface Confirmation {
  email: string
  /** The contact's, or else the project's. */
  language: string
  projectName: string
  /** Mail at all, */
  subscribes: boolean
  /** and these topics, by the names that people read. */
  topics: string[]
  /** `over`: it was asked too long ago, of another address, or what was asked was taken back. */
  state: 'open' | 'confirmed' | 'over'
}

interface Asked {
  projectId: string
  /** Of the question, as its link has it. */
  id: string
}

interface Row extends Omit<Confirmation, 'topics'> {
  contactId: string
  topicIds: string[]
  consent: (Omit<Consent, 'at'> & { at?: string }) | null
}

async function findRow(db: Db, { projectId, id }: Asked): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select confirmations.email, coalesce(data->>'locale', language) as language, name as "projectName",
      subscribes, topics as "topicIds", consent, contacts.id as "contactId",
      case when confirmed_at is not null then 'confirmed'
        when expires_at <= now() or confirmations.email <> contacts.email then 'over' else 'open' end as state
    from confirmations
    join contacts on contacts.project_id = confirmations.project_id and contacts.id = contact_id
    join projects on projects.id = confirmations.project_id and deleted_at is null
    where confirmations.project_id = ${projectId} and confirmations.id = ${id}
  `.execute(db)
  return rows[0]
}

async function present(db: Db, projectId: string, row: Row): Promise<Confirmation> {
  const { contactId: _, topicIds, consent: __, ...rest } = row
  const topics = topicIds.length === 0 ? [] : await topicsOf(db, projectId)
  return { ...rest, topics: topics.filter(({ id }) => topicIds.includes(id)).map(({ name }) => name) }
}

/** Undefined where nobody was asked so, or the contact or its project is gone. Changes nothing. */
export async function findConfirmation(db: Db, asked: Asked): Promise<Confirmation | undefined> {
  const row = await findRow(db, asked)
  return row && present(db, asked.projectId, row)
}

interface Answer extends Asked {
  ip: string | undefined
  userAgent: string | undefined
  /** What the person read beside the button. */
  text: string
}

/** Does what the person confirms, once, and keeps that they did. */
export async function confirm(db: Db, answer: Answer): Promise<Confirmation | undefined> {
  const { projectId, id, ip, userAgent, text } = answer
  return transact(db, async (trx) => {
    const found = await findRow(trx, answer)
    if (found !== undefined) await lockContacts(trx, { projectId, ids: [found.contactId] })
    // Read again, as somebody else may have pressed the button meanwhile.
    const row = await findRow(trx, answer)
    if (row === undefined) return undefined
    const shown = await present(trx, projectId, row)
    if (row.state !== 'open') return shown
    const { contactId, consent } = row
    const origin = { how: 'confirmation' as const, actor: null, ip: ip ?? null, userAgent: userAgent ?? null }
    // Where they agreed first is told by who asked for it; what they confirm and from where is known better.
    const proof = { source: consent?.source ?? 'confirmation', text: consent?.text ?? text }
    if (row.subscribes) {
      await changeContact(trx, { projectId, id: contactId, subscribed: true, origin, consent: proof })
    }
    const choices = Object.fromEntries(row.topicIds.map((topic) => [topic, true]))
    await chooseOneself(trx, { projectId, contactId, choices, origin, consent: proof })
    await trx
      .updateTable('confirmations')
      .set({ confirmed_at: sql<Date>`now()` })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .execute()
    await announce(trx, projectId, 'contacts')
    return { ...shown, state: 'confirmed' as const }
  })
}
