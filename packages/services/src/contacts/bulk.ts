import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { announce } from '../changes.ts'
import type { DoStep, Facts, JobAtWork } from '../project-jobs/step.ts'
import { setConsent } from './bulk-consent.ts'
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

interface Acted {
  changed: number
  /** Those that refuse and are left as they are. */
  optedOut: string[]
}

interface Act {
  /** Does it to contacts that are locked. Answers what it did, or `again` where the same ones need another step. */
  (db: Db, job: JobAtWork, ids: string[]): Promise<Acted | 'again'>
}

export const subscribeStep = stepOf((db, job, ids) => setConsent(db, job, ids, true))
export const unsubscribeStep = stepOf((db, job, ids) => setConsent(db, job, ids, false))
export const deleteStep = stepOf(
  async (db, { projectId }, ids) => {
    const where = { projectId, ids }
    if ((await deleteEvents(db, where, EVENTS_AT_ONCE)) === EVENTS_AT_ONCE) return 'again'
    return { changed: await removeContacts(db, where), optedOut: [] }
  },
  { toDelete: true },
)

function stepOf(act: Act, how: { toDelete?: boolean } = {}): DoStep {
  return async (db, job) => {
    const { projectId, state, done, total } = job
    const before = (job.result as BulkResult | null) ?? NOTHING_YET // Safe because it was stored below.
    const batch = await nextBatch(db, job)
    const found = await lockContacts(db, { projectId, ids: batch.ids }, how)
    const acted = found.length === 0 ? { changed: 0, optedOut: [] } : await act(db, job, found)
    if (found.length > 0) await announce(db, projectId, 'contacts')
    if (acted === 'again') return { state, done, total, result: asFacts(before), isOver: false }
    const result = asFacts(addUp(before, { ids: batch.ids, found, ...acted }))
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
  { ids, found, changed, optedOut }: Acted & { ids: string[]; found: string[] },
): BulkResult {
  const known = new Set(found)
  const missing = ids.filter((id) => !known.has(id))
  const errors = [
    ...missing.map((contactId) => ({
      contactId,
      code: 'CONTACT_NOT_FOUND',
      message: 'The project has no such contact.',
    })),
    ...optedOut.map((contactId) => ({ contactId, code: 'CONTACT_OPTED_OUT', message: 'The contact opted out.' })),
  ]
  return {
    totalRequested: before.totalRequested + ids.length,
    successCount: before.successCount + changed,
    unchangedCount: before.unchangedCount + found.length - changed - optedOut.length,
    failureCount: before.failureCount + errors.length,
    errors: [...before.errors, ...errors].slice(0, LIMITS.bulkErrors),
  }
}

const asFacts = (result: BulkResult): Facts => ({ ...result })
