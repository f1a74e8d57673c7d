import { operations, type Input, type Output } from '@posthorn/contracts'
import { sql } from 'kysely'
import { emailIds, newestEvents, type Bounds } from '../activity/sources.ts'
import type { Context } from '../context.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { present as presentEmail, selectEmails } from '../emails/read.ts'
import { requireScope } from '../scope.ts'
import { idsOf } from '../search.ts'
import type { Data } from './merge.ts'
import { getContact } from './read.ts'

type Activity = Output<'contacts', 'activity'>['data'][number]

/**
 * The emails and events of a contact, newest first. Both are read one further than a page has room for, each by an
 * index that gives just them, so a page costs the same however much there is.
 */
export async function contactActivity(ctx: Context, { id, limit, cursor }: Input<'contacts', 'activity'>) {
  requireScope(ctx.actor, operations.emails.list)
  requireScope(ctx.actor, operations.events.list)
  const before = readCursor(cursor)
  const contact = await getContact(ctx, id)
  const bounds = {
    projectId: ctx.actor.projectId,
    contactId: contact.id,
    // Its mails cannot be older than it is.
    ...idsOf({ before, since: contact.createdAt }),
    limit: limit + 1,
  }
  const [emails, events] = await Promise.all([emailsOf(ctx, bounds), eventsOf(ctx, bounds)])
  const merged = [...emails, ...events].sort((a, b) => (a.id < b.id ? 1 : -1))
  return pageOf(merged, limit, (item) => item)
}

async function emailsOf(ctx: Context, bounds: Bounds): Promise<Activity[]> {
  const rows = await selectEmails(ctx.db, bounds.projectId)
    .where('emails.id', 'in', sql<string>`(${emailIds(bounds)})`)
    .execute()
  return rows.map((row) => ({ type: 'email', ...presentEmail(row) }))
}

async function eventsOf({ db }: Context, bounds: Bounds): Promise<Activity[]> {
  const { rows } = await sql<{ id: string; name: string; data: Data; created_at: Date }>`
    ${newestEvents(bounds)}
  `.execute(db)
  return rows.map(({ id, name, data, created_at }) => ({ type: 'event', id, name, data, createdAt: created_at }))
}
