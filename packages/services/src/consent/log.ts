import type { Input } from '@posthorn/contracts'
import { getContact } from '../contacts/read.ts'
import type { Context } from '../context.ts'
import { pageOf, readCursor } from '../cursor.ts'

export async function consentLog(ctx: Context, { id, limit, cursor }: Input<'contacts', 'consentLog'>) {
  const before = readCursor(cursor)
  const contact = await getContact(ctx, id)
  const rows = await ctx.db
    .selectFrom('consent_log')
    .selectAll()
    .where('project_id', '=', ctx.actor.projectId)
    .where('contact_id', '=', contact.id)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, (row) => ({
    ...row,
    actor: row.actor && { kind: row.actor.kind, id: row.actor.id ?? null, name: row.actor.name ?? null },
    userAgent: row.user_agent,
    givenAt: row.given_at,
  }))
}
