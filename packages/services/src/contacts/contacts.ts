import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction } from '../context.ts'
import { readCursor } from '../cursor.ts'
import type { Handlers } from '../handlers.ts'
import { consentLog } from '../consent/log.ts'
import { contactActivity } from './activity.ts'
import { upsertMany } from './batch.ts'
import { bulkCalls } from './bulk-calls.ts'
import { changeContact } from './change.ts'
import { lookUpContacts } from './lookup.ts'
import { deleteEvents, lockContacts, removeContacts } from './remove.ts'
import { mergeContacts, splitData } from './merge.ts'
import { contactNotFound, getContact, present } from './read.ts'
import { hasPart, searchPage } from '../search.ts'

export const contacts: Handlers<'contacts'> = {
  get: (ctx, { id }) => getContact(ctx, id),

  async list({ db, actor }, { limit, cursor, search, subscribed }) {
    const before = readCursor(cursor)
    const span = db
      .selectFrom('contacts')
      .where('project_id', '=', actor.projectId)
      .$if(before !== undefined, (query) => query.where('id', '<', before as string))
      .orderBy('id', 'desc')
    const found = span
      .selectAll()
      .$if(search !== undefined, (query) => query.where(({ ref }) => hasPart(ref('email'), search as string)))
      .$if(subscribed !== undefined, (query) => query.where('subscribed', '=', subscribed as boolean))
    const walk = search === undefined && subscribed === undefined ? undefined : span.select('id')
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

  update: (ctx, { id, ...change }) =>
    inTransaction(ctx, async (ctx) => {
      const { projectId } = ctx.actor
      const contact = await getContact(ctx, id)
      const row = await changeContact(ctx.db, { projectId, id: contact.id, ...change })
      if (row === undefined) return contact
      await announce(ctx.db, projectId, 'contacts')
      await auditPerson(ctx, { action: 'contact.changed', target: row.id })
      return present(row)
    }),

  delete: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      const { projectId } = ctx.actor
      const contact = await getContact(ctx, id)
      const which = { projectId, ids: await lockContacts(ctx.db, { projectId, ids: [contact.id] }) }
      await deleteEvents(ctx.db, which)
      if ((await removeContacts(ctx.db, which)) === 0) throw contactNotFound()
      await announce(ctx.db, projectId, 'contacts')
      await announce(ctx.db, projectId, 'events')
      await auditPerson(ctx, { action: 'contact.deleted', target: contact.id })
      return {}
    }),

  activity: contactActivity,
  consentLog,
  lookup: lookUpContacts,
  upsertMany,
  ...bulkCalls,
}
