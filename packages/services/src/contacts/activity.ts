import { operations, type Input, type Output } from '@posthorn/contracts'
import type { Context } from '../context.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { present as presentEmail, selectEmails } from '../emails/read.ts'
import { requireScope } from '../scope.ts'
import { idsOf } from '../search.ts'
import type { Data } from './merge.ts'
import { getContact } from './read.ts'

type Activity = Output<'contacts', 'activity'>['data'][number]

interface Which {
  id: string
  email: string
  createdAt: Date
  before: string | undefined
  limit: number
}

/**
 * The emails and events of a contact, newest first. Both are read one further than a page has room for, each by an
 * index that gives just them, so a page costs the same however much there is.
 */
export async function contactActivity(ctx: Context, { id, limit, cursor }: Input<'contacts', 'activity'>) {
  requireScope(ctx.actor, operations.emails.list)
  requireScope(ctx.actor, operations.events.list)
  const before = readCursor(cursor)
  const contact = await getContact(ctx, id)
  const which = { id: contact.id, email: contact.email, createdAt: contact.createdAt, before, limit: limit + 1 }
  const [emails, events] = await Promise.all([emailsOf(ctx, which), eventsOf(ctx, which)])
  const merged = [...emails, ...events].sort((a, b) => (a.id < b.id ? 1 : -1))
  return pageOf(merged, limit, (item) => item)
}

/** Those to the address that it has now: there is no index by contact, and its mails cannot be older than it is. */
async function emailsOf(ctx: Context, { id, email, createdAt, before, limit }: Which): Promise<Activity[]> {
  const { from } = idsOf({ before, since: createdAt })
  const rows = await selectEmails(ctx.db, ctx.actor.projectId)
    .where('emails.to_email', '=', email)
    .where('emails.contact_id', '=', id)
    .where('emails.id', '>=', from)
    .$if(before !== undefined, (query) => query.where('emails.id', '<', before as string))
    .orderBy('emails.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ type: 'email', ...presentEmail(row) }))
}

async function eventsOf({ db, actor }: Context, { id, before, limit }: Which): Promise<Activity[]> {
  const rows = await db
    .selectFrom('events')
    .select(['id', 'name', 'data', 'created_at'])
    .where('project_id', '=', actor.projectId)
    .where('contact_id', '=', id)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    type: 'event',
    id: row.id,
    name: row.name,
    data: row.data as Data, // Safe because only JSON is ever stored there.
    createdAt: row.created_at,
  }))
}
