import type { Input, Output } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { withdrawAll } from '@posthorn/outbox'
import { sql } from 'kysely'
import { audit } from '../audit.ts'
import { announce } from '../changes.ts'
import { dropQuestion } from '../consent/questions.ts'
import { keepRefusals } from '../consent/refused.ts'
import { inTransaction, type Context } from '../context.ts'
import { contactNotFound } from '../contacts/read.ts'
import { startProjectJob } from '../project-jobs/start.ts'
import { addressed, type Person } from './mails.ts'

/**
 * Begins to erase a person. From the moment of the answer on nothing that waited is sent to them, and nobody subscribes
 * them again but they themselves.
 */
export const erasePerson = (ctx: Context, { id }: Input<'contacts', 'erase'>): Promise<Output<'contacts', 'erase'>> =>
  inTransaction(ctx, async (ctx) => {
    const { projectId } = ctx.actor
    const person = await findPerson(ctx, id)
    const { contactId, email } = person
    await keepRefusals(ctx.db, projectId, [...(await addressed(ctx.db, person)).emails])
    await optOut(ctx, contactId)
    await cancelWaiting(ctx, person)
    const jobId = await startProjectJob(ctx, 'contacts.erase', { contactId, email, until: await now(ctx.db) })
    await audit(ctx, { action: 'contact.erased', target: contactId ?? jobId })
    await announce(ctx.db, projectId, 'contacts')
    await announce(ctx.db, projectId, 'emails')
    return { message: 'The person is being erased.', jobId }
  })

/** Who was deleted is no contact any more, but their mails can still be there. */
async function findPerson({ db, actor: { projectId } }: Context, id: string): Promise<Person> {
  const isAddress = id.includes('@')
  const contact = await db
    .selectFrom('contacts')
    .select(['id', 'email'])
    .where('project_id', '=', projectId)
    .where(isAddress ? 'email' : 'id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (contact === undefined && !isAddress) throw contactNotFound()
  return { projectId, contactId: contact?.id ?? null, email: contact?.email ?? id }
}

/** When the transaction began, by the clock that also says when a mail was stored. */
async function now(db: Db): Promise<string> {
  const { rows } = await sql<{ now: string }>`select now()::text as now`.execute(db)
  return rows[0]?.now ?? new Date().toISOString()
}

async function optOut({ db, actor: { projectId } }: Context, contactId: string | null): Promise<void> {
  if (contactId === null) return
  await db
    .updateTable('contacts')
    .set({ subscribed: false, opted_out_at: sql<Date>`now()` })
    .where('project_id', '=', projectId)
    .where('id', '=', contactId)
    .execute()
  await dropQuestion(db, { projectId, contactId })
}

/** What a worker has is sent: the job deletes it afterwards. */
async function cancelWaiting({ db }: Context, { projectId, contactId, email }: Person): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select emails.id from (
      select ${email} as email
      union select email from contact_addresses where project_id = ${projectId} and contact_id = ${contactId}
    ) address join emails on emails.project_id = ${projectId} and to_email = address.email
      and (address.email = ${email} or emails.contact_id = ${contactId})
    join outbox on outbox.project_id = emails.project_id and outbox.email_id = emails.id
    where outcome is null
  `.execute(db)
  const waiting = rows.map(({ id }) => id)
  const held = new Set(await withdrawAll(db, projectId, waiting))
  const cancelled = waiting.filter((id) => !held.has(id))
  if (cancelled.length === 0) return
  await db
    .updateTable('emails')
    .set({ outcome: 'cancelled', reason: 'The recipient was erased.', ended_at: sql<Date>`now()` })
    .where('project_id', '=', projectId)
    .where('id', 'in', cancelled)
    .execute()
}
