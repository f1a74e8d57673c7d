import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { agreedAt, askedForJob } from '../consent/agreed.ts'
import type { Consent, Origin } from '../consent/proof.ts'
import { breaksConstraint } from '../errors.ts'
import {
  combineRows,
  countRows,
  problemsOf,
  type CombinedWish,
  type OnConflict,
  type Outcome,
  type RowCounts,
} from './piece.ts'
import type { RowProblem, RowWish } from './rows.ts'
import { chooseTopicsOf, foreseeTopicsOf, holdChoosing, withKnownTopics } from './topics.ts'
import {
  erasedAmong,
  foreseeContacts,
  overfullAmong,
  unsubscribedAmong,
  writeContacts,
  type Write,
  type Written,
} from './write.ts'

export interface StoreOrder {
  onConflict: OnConflict
  /** Nothing is written, and all the same is said. */
  dryRun: boolean
  origin: Origin
  /** As it is stored with the job. */
  consent: (Omit<Consent, 'at'> & { at?: string }) | null
}

interface WhoseRows extends Pick<Write, 'projectId' | 'isRepeat'> {
  jobId: string
  order: StoreOrder
}

export interface Stored {
  counts: Partial<RowCounts>[]
  problems: RowProblem[]
}

/** Stores what rows want, in the transaction of the caller, and says what became of each. */
export async function storeRows(
  db: Db,
  wishes: readonly RowWish[],
  { projectId, jobId, order, isRepeat }: WhoseRows,
): Promise<Stored> {
  const { onConflict, dryRun, origin } = order
  const consent = consentOf(order)
  const asked = askedForJob({ projectId, id: jobId })
  const write: Write = { projectId, onConflict, origin, consent, asked, agreed: agreedAt(consent, asked), isRepeat }
  const { known, problems: unknown } = await withKnownTopics(db, projectId, wishes)
  const combined = combineRows(known, { onConflict, consent })
  const gone = await erasedAmong(db, combined, write)
  const welcome = combined.filter(({ email }) => !gone.has(email))
  if (!dryRun) await holdChoosing(db, projectId, welcome)
  const { written, overfull } = await (dryRun ? foresee : writeFitting)(db, welcome, write)

  const byEmail = new Map(written.map((contact) => [contact.email, contact]))
  const isChoosing = ({ email }: CombinedWish) => !overfull.has(email) && (onConflict !== 'skip' || byEmail.has(email))
  const chosen = await (dryRun ? foreseeTopicsOf : chooseTopicsOf)(db, welcome.filter(isChoosing), write)
  const asking = welcome.filter(({ email, askingRows }) => askingRows.length > 0 && !byEmail.has(email))
  const asleep = onConflict === 'skip' ? new Set() : await unsubscribedAmong(db, projectId, emailsOf(asking))
  const outcomeOf = ({ email }: CombinedWish): Outcome => {
    if (gone.has(email)) return 'erased'
    if (overfull.has(email)) return 'full'
    const contact = byEmail.get(email)
    if (contact === undefined) return onConflict === 'skip' ? 'skipped' : chosen.has(email) ? 'updated' : 'unchanged'
    return contact.isNew ? 'created' : 'updated'
  }
  const stored: Stored = { counts: [{ refused: unknown.length }], problems: [...unknown] }
  for (const wish of combined) {
    const outcome = outcomeOf(wish)
    const isKeptOut = asleep.has(wish.email) || byEmail.get(wish.email)?.subscribed === false
    const problems = problemsOf(wish, outcome, isKeptOut)
    const keptOut = problems.filter(({ outcome }) => outcome === 'kept-out').length
    stored.counts.push({ ...countRows(wish, outcome, onConflict), keptOut })
    stored.problems.push(...problems)
  }
  return stored
}

const emailsOf = (wishes: readonly CombinedWish[]) => wishes.map(({ email }) => email)

function consentOf({ consent }: StoreOrder): Consent | undefined {
  if (consent === null) return undefined
  const { at, ...rest } = consent
  return { ...rest, ...(at !== undefined && { at: new Date(at) }) }
}

interface Fitting {
  written: Written[]
  /** Of contacts that hold too much already. */
  overfull: Set<string>
}

async function foresee(db: Db, wishes: readonly CombinedWish[], write: Write): Promise<Fitting> {
  const overfull = write.onConflict === 'merge' ? await overfullAmong(db, write.projectId, wishes) : new Set<string>()
  const fitting = wishes.filter(({ email }) => !overfull.has(email))
  return { overfull, written: await foreseeContacts(db, fitting, write) }
}

/** Writes all at once; only where a contact comes to hold too much, it looks for whose that is. */
async function writeFitting(db: Db, wishes: readonly CombinedWish[], write: Write): Promise<Fitting> {
  await sql`savepoint piece`.execute(db)
  try {
    return { overfull: new Set(), written: await writeContacts(db, wishes, write) }
  } catch (error) {
    if (!breaksConstraint(error, 'contact_data_bounded')) throw error
  }
  await sql`rollback to savepoint piece`.execute(db)
  const overfull = await overfullAmong(db, write.projectId, wishes)
  const fitting = wishes.filter(({ email }) => !overfull.has(email))
  return { overfull, written: await writeContacts(db, fitting, write) }
}
