import { operations, type Input, type Output } from '@posthorn/contracts'
import { sql } from 'kysely'
import { auditPerson } from '../audit.ts'
import { consentLog } from '../consent/log.ts'
import type { Data } from '../contacts/merge.ts'
import { getContact } from '../contacts/read.ts'
import type { Context } from '../context.ts'
import type { Rows } from '../downloads.ts'
import { events } from '../events/events.ts'
import { after } from '../exports/exports.ts'
import { pagesOf } from '../exports/pages.ts'
import { requireScope } from '../scope.ts'
import { addressed } from './mails.ts'
import { readMails } from './read-mails.ts'

type Known = Output<'contacts', 'exportPerson'>
type Contact = Awaited<ReturnType<typeof getContact>>

/** Everything that is known of a person, as one file. */
export async function exportPerson(ctx: Context, { id }: Input<'contacts', 'exportPerson'>): Promise<Rows<Known>> {
  requireScope(ctx.actor, operations.emails.list)
  requireScope(ctx.actor, operations.events.list)
  const contact = await getContact(ctx, id)
  const begin = () => auditPerson(ctx, { action: 'contact.exported', target: contact.id })
  return { name: `person-${contact.id}`, batches: after(begin, allOf(ctx, contact)) }
}

async function* allOf(ctx: Context, contact: Contact): AsyncGenerator<Known[], void, undefined> {
  const { id: contactId, email } = contact
  yield [{ contact }]
  for await (const page of pagesOf((query) => consentLog(ctx, { id: contactId, ...query }))) {
    yield page.map((consent) => ({ consent }))
  }
  yield await choicesOf(ctx, contactId)
  yield await confirmationsOf(ctx, contactId)
  for await (const page of pagesOf((query) => events.list(ctx, { contactId, ...query }))) {
    yield page.map((event) => ({ event }))
  }
  const person = await addressed(ctx.db, { projectId: ctx.actor.projectId, contactId, email })
  for await (const mails of readMails(ctx, person)) {
    yield mails.map((mail) => ({ email: mail }))
  }
}

async function choicesOf({ db, actor }: Context, contactId: string): Promise<Known[]> {
  const { rows } = await sql<NonNullable<Known['topic']>>`
    select topic_id as id, subscribed, at from contact_topics
    where project_id = ${actor.projectId} and contact_id = ${contactId}
    union all
    select topic_id, false, at from left_topics where project_id = ${actor.projectId} and contact_id = ${contactId}
    order by id
  `.execute(db)
  return rows.map((topic) => ({ topic }))
}

async function confirmationsOf({ db, actor }: Context, contactId: string): Promise<Known[]> {
  const rows = await db
    .selectFrom('confirmations')
    .select(['email', 'subscribes', 'topics', 'consent', 'mailed_at', 'expires_at', 'confirmed_at'])
    .where('project_id', '=', actor.projectId)
    .where('contact_id', '=', contactId)
    .execute()
  return rows.map(({ consent, mailed_at, expires_at, confirmed_at, ...row }) => ({
    confirmation: {
      ...row,
      consent: consent as Data | null, // Safe because only JSON is ever stored there.
      mailedAt: mailed_at,
      expiresAt: expires_at,
      confirmedAt: confirmed_at,
    },
  }))
}
