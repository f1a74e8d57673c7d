import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { announce } from '../changes.ts'
import type { DoStep, Facts } from '../project-jobs/step.ts'
import { deleteEvents, lockContacts, removeContacts } from './remove.ts'
import { nextBatch } from './selection.ts'

/** How many events go in one step, so that none takes long however much a contact did. */
const EVENTS_AT_ONCE = 10_000

/** What became of the contacts, as the answer has it. */
export interface BulkResult {
  totalRequested: number
  successCount: number
  unchangedCount: number
  failureCount: number
  errors: { contactId: string; code: string; message: string }[]
}

const NOTHING_YET: BulkResult = { totalRequested: 0, successCount: 0, unchangedCount: 0, failureCount: 0, errors: [] }

interface Act {
  /** Does it to contacts that are locked. Answers how many it changed, or `again` where the same ones need another step. */
  (db: Db, where: { projectId: string; ids: string[] }): Promise<number | 'again'>
}

export const subscribeStep = stepOf((db, where) => setConsent(db, where, true))
export const unsubscribeStep = stepOf((db, where) => setConsent(db, where, false))
export const deleteStep = stepOf(async (db, where) => {
  if ((await deleteEvents(db, where, EVENTS_AT_ONCE)) === EVENTS_AT_ONCE) return 'again'
  return removeContacts(db, where)
})

function stepOf(act: Act): DoStep {
  return async (db, job) => {
    const { projectId, state, done, total } = job
    const before = (job.result as BulkResult | null) ?? NOTHING_YET // Safe because it was stored below.
    const batch = await nextBatch(db, job)
    const found = await lockContacts(db, { projectId, ids: batch.ids })
    const changed = found.length === 0 ? 0 : await act(db, { projectId, ids: found })
    if (found.length > 0) await announce(db, projectId, 'contacts')
    if (changed === 'again') return { state, done, total, result: asFacts(before), isOver: false }
    const result = asFacts(addUp(before, { ids: batch.ids, found, changed }))
    const handled = done + batch.ids.length
    // Contacts can come to fit or cease to while it runs: in the end, those count that it came by.
    return {
      state: batch.state,
      done: handled,
      total: batch.isLast ? handled : batch.total,
      result,
      isOver: batch.isLast,
    }
  }
}

function addUp(
  before: BulkResult,
  { ids, found, changed }: { ids: string[]; found: string[]; changed: number },
): BulkResult {
  const known = new Set(found)
  const missing = ids.filter((id) => !known.has(id))
  const errors = missing.map((contactId) => ({
    contactId,
    code: 'CONTACT_NOT_FOUND',
    message: 'The project has no such contact.',
  }))
  return {
    totalRequested: before.totalRequested + ids.length,
    successCount: before.successCount + changed,
    unchangedCount: before.unchangedCount + found.length - changed,
    failureCount: before.failureCount + missing.length,
    errors: [...before.errors, ...errors].slice(0, LIMITS.bulkErrors),
  }
}

async function setConsent(db: Db, { projectId, ids }: { projectId: string; ids: string[] }, subscribed: boolean) {
  const { numUpdatedRows } = await db
    .updateTable('contacts')
    .set(({ fn }) => ({ subscribed, updated_at: fn<Date>('now') }))
    .where('project_id', '=', projectId)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where('subscribed', '!=', subscribed)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

const asFacts = (result: BulkResult): Facts => ({ ...result })
