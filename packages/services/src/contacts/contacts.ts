import { LIMITS, type Input } from '@posthorn/contracts'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type Context } from '../context.ts'
import { exportOf } from '../exports/exports.ts'
import type { Handlers } from '../handlers.ts'
import { originOf } from '../consent/proof.ts'
import { consentWish } from '../consent/wish.ts'
import { stateOf } from '../consent/state.ts'
import { consentLog } from '../consent/log.ts'
import { importCalls } from '../imports/plunk.ts'
import { erasePerson } from '../person/erase.ts'
import { exportPerson } from '../person/export.ts'
import { contactActivity } from './activity.ts'
import { upsertMany } from './batch.ts'
import { bulkCalls } from './bulk-calls.ts'
import { updateContact } from './update.ts'
import { listWithTopics } from './export.ts'
import { commonFields } from './field-counts.ts'
import { fieldCalls } from './fields.ts'
import { listContacts } from './list.ts'
import { lookUpContacts } from './lookup.ts'
import { deleteEvents, lockAddresses, lockContacts, removeContacts } from './remove.ts'
import { mergeContacts, splitData, type MergedContact } from './merge.ts'
import { contactNotFound, findContact, getContact } from './read.ts'
import { getSender } from '../senders.ts'
import { chooseTopics, told } from '../topics/choices.ts'
import { topicsOfContact } from '../topics/of-contact.ts'

/** After so many times in a row that a contact was deleted as soon as it was there, somebody wants it gone. */
const DELETED_AT_MOST = 5

export const contacts: Handlers<'contacts'> = {
  get: (ctx, { id }) => getContact(ctx, id),

  list: listContacts,

  upsert: (ctx, input) =>
    inTransaction(ctx, async (ctx) => {
      // A contact that is known may be deleted meanwhile; then it is made anew.
      for (let time = 1; time <= DELETED_AT_MOST; time += 1) {
        const upserted = await upsertOnce(ctx, input)
        if (upserted !== undefined) return upserted
      }
      throw contactNotFound()
    }),

  update: updateContact,

  delete: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      const { projectId } = ctx.actor
      const contact = await getContact(ctx, id)
      const which = { projectId, ids: await lockContacts(ctx.db, { projectId, ids: [contact.id] }, { toDelete: true }) }
      await deleteEvents(ctx.db, which)
      if ((await removeContacts(ctx.db, which)) === 0) throw contactNotFound()
      await announce(ctx.db, projectId, 'contacts')
      await announce(ctx.db, projectId, 'events')
      await auditPerson(ctx, { action: 'contact.deleted', target: contact.id })
      return {}
    }),

  export: exportOf({
    noun: 'contacts',
    list: listWithTopics,
    fields: ({ db, actor }) => commonFields(db, actor.projectId, LIMITS.importColumns),
  }),
  exportPerson,
  erase: erasePerson,

  activity: contactActivity,
  consentLog,
  topics: topicsOfContact,
  lookup: lookUpContacts,
  ...fieldCalls,
  upsertMany,
  ...bulkCalls,
  ...importCalls,
}

/** Undefined where it was deleted before it could be held on to. */
async function upsertOnce(ctx: Context, { email, data, topics = {}, ...given }: Input<'contacts', 'upsert'>) {
  const patch = splitData(data).persistent
  const sender = await getSender(ctx)
  const wish = {
    projectId: ctx.actor.projectId,
    email,
    patch,
    ...consentWish(ctx, sender, given),
  }
  // Merging only reads a contact that is as wished, and takes its question before its topics are chosen.
  if (Object.keys(topics).length > 0) await lockAddresses(ctx.db, { projectId: ctx.actor.projectId, emails: [email] })
  // Safe because merging answers wish for wish.
  const [merged] = (await mergeContacts(ctx.db, [wish])) as [MergedContact]
  const choosing = { asking: { runtime: ctx.runtime, sender }, origin: originOf(ctx) }
  const [states] = await chooseTopics(ctx.db, choosing, [
    { contactId: merged.id, choices: topics, consent: given.consent },
  ])
  await announce(ctx.db, ctx.actor.projectId, 'contacts')
  const { isNew } = merged
  const contact = await findContact(ctx, email)
  if (contact === undefined) return undefined
  await auditPerson(ctx, { action: isNew ? 'contact.added' : 'contact.changed', target: contact.id })
  return { ...contact, _meta: { isNew, isUpdate: !isNew, consent: stateOf(merged), topics: told(states) } }
}
