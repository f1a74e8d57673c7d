import type { Selectable } from 'kysely'
import type { Tables } from '@posthorn/db'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import type { Context } from '../context.ts'
import { readCursor } from '../cursor.ts'
import { ApiError } from '../errors.ts'
import type { Handlers } from '../handlers.ts'
import { mergeContacts, splitData, type Data } from './merge.ts'
import { inTransaction } from '../context.ts'
import { hasPart, searchPage } from '../search.ts'

export const contacts: Handlers<'contacts'> = {
  get: (ctx, { id }) => getContact(ctx, id),

  async list({ db, actor }, { limit, cursor, search }) {
    const before = readCursor(cursor)
    const span = db
      .selectFrom('contacts')
      .where('project_id', '=', actor.projectId)
      .$if(before !== undefined, (query) => query.where('id', '<', before as string))
      .orderBy('id', 'desc')
    const found = span
      .selectAll()
      .$if(search !== undefined, (query) => query.where(({ ref }) => hasPart(ref('email'), search as string)))
    const walk = search === undefined ? undefined : span.select('id')
    return searchPage(db, { limit, walk, rows: (from) => found.where('id', '>=', from) }, present)
  },

  upsert: (ctx, { email, data, subscribed }) =>
    inTransaction(ctx, async (ctx) => {
      const patch = splitData(data).persistent
      const wish = { projectId: ctx.actor.projectId, email, patch, subscribed, subscribedWhenNew: true }
      const [merged] = await mergeContacts(ctx.db, [wish])
      await announce(ctx.db, ctx.actor.projectId, 'contacts')
      const isNew = merged?.isNew ?? false
      const contact = await getContact(ctx, email)
      await auditPerson(ctx, { action: isNew ? 'contact.added' : 'contact.changed', target: contact.id })
      return { ...contact, _meta: { isNew, isUpdate: !isNew } }
    }),
}

async function getContact({ db, actor }: Context, idOrEmail: string) {
  const row = await db
    .selectFrom('contacts')
    .selectAll()
    .where('project_id', '=', actor.projectId)
    .where(idOrEmail.includes('@') ? 'email' : 'id', '=', idOrEmail)
    .executeTakeFirst()
  if (row === undefined) throw new ApiError('CONTACT_NOT_FOUND', 'The project has no such contact.')
  return present(row)
}

function present(row: Selectable<Tables['contacts']>) {
  return {
    id: row.id,
    email: row.email,
    subscribed: row.subscribed,
    data: row.data as Data, // Safe because only JSON is ever stored there.
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
