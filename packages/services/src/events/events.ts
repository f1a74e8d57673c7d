import { byHand } from '../audit.ts'
import type { Data } from '../contacts/merge.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { exportOf } from '../exports/exports.ts'
import type { Handlers } from '../handlers.ts'
import { idsOf } from '../search.ts'
import { getSender } from '../senders.ts'
import { trackBatch } from './batch.ts'
import { deleteByName } from './delete.ts'
import { nameCalls } from './names.ts'
import { isOvertaken } from './record.ts'
import { addressOf } from './address-of.ts'
import { receiptFor, trackedOf } from './tracked.ts'

export const events: Handlers<'events'> = {
  async track(ctx, input) {
    const { event: name } = input
    const sender = await getSender(ctx)
    const tracked = {
      ...trackedOf(ctx, sender, input),
      byHand: byHand(ctx, ([id = '']) => ({ action: 'event.tracked', target: id, detail: { name } })),
    }
    const record = () => ctx.runtime.recordEvents(ctx, tracked, receiptFor(ctx))
    return record().catch((error: unknown) => {
      if (isOvertaken(error)) return record()
      throw error
    })
  },

  async report(ctx, { name, event = name, contactId, email, ...rest }) {
    // Safe because the contract demands one of each.
    const whose = email ?? (await addressOf(ctx, contactId as string))
    return events.track(ctx, { ...rest, event: event as string, email: whose })
  },

  trackBatch,
  ...nameCalls,
  delete: deleteByName,
  export: exportOf({ noun: 'events', list: (ctx, input) => events.list(ctx, input) }),

  async list({ db, actor }, { limit, cursor, contactId, email, name, since, until }) {
    const ids = idsOf({ before: readCursor(cursor), since, until })
    const rows = await db
      .selectFrom('events')
      .innerJoin('contacts', (join) =>
        join.onRef('contacts.project_id', '=', 'events.project_id').onRef('contacts.id', '=', 'events.contact_id'),
      )
      .selectAll('events')
      .select('contacts.email')
      .where('events.project_id', '=', actor.projectId)
      .$if(contactId !== undefined, (query) => query.where('events.contact_id', '=', contactId as string))
      .$if(email !== undefined, (query) => query.where('contacts.email', '=', email as string))
      .$if(name !== undefined, (query) => query.where('events.name', '=', name as string))
      .$if(since !== undefined, (query) => query.where('events.created_at', '>=', since as Date))
      .$if(until !== undefined, (query) => query.where('events.created_at', '<', until as Date))
      .where('events.id', '>=', ids.from)
      .$if(ids.to !== undefined, (query) => query.where('events.id', '<', ids.to as string))
      .orderBy('events.id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => ({
      id: row.id,
      name: row.name,
      contactId: row.contact_id,
      email: row.email,
      data: row.data as Data, // Safe because only JSON is ever stored there.
      createdAt: row.created_at,
    }))
  },
}
