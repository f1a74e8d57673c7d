import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { agreedAt, askedForJob } from '../consent/agreed.ts'
import type { Consent, Origin } from '../consent/proof.ts'
import { asksToConfirm } from '../consent/wish.ts'
import { breaksConstraint } from '../errors.ts'
import {
  combineRows,
  countRows,
  keptOf,
  problemsOf,
  type CombinedWish,
  type OnConflict,
  type Outcome,
  type RowCounts,
} from './piece.ts'
import type { ImportPlan } from './plan.ts'
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
  plan: Pick<ImportPlan, 'topics'>
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
  // A file says of many at once that they agreed: without a time it may be from before any of them refused.
  const dated = consent?.at === undefined ? undefined : consent
  const asks = await asksToConfirm(db, projectId)
  const waits = asks && consent?.confirmed !== true
  const asked = askedForJob({ projectId, id: jobId })
  const agreed = agreedAt(dated, asked)
  const write: Write = { projectId, onConflict, origin, consent, asked, agreed, asksToConfirm: asks, isRepeat }
  const { known, problems: unknown, toConfirm } = await withKnownTopics(db, projectId, wishes)
  const combined = combineRows(known, { onConflict, consent: dated, waits })
  const gone = await erasedAmong(db, combined, write)
  const welcome = combined.filter(({ email }) => !gone.has(email))
  if (!dryRun) await holdChoosing(db, projectId, welcome)
  const { written, overfull } = await (dryRun ? foresee : writeFitting)(db, welcome, write)

  const byEmail = new Map(written.map((contact) => [contact.email, contact]))
  const isChoosing = ({ email }: CombinedWish) => !overfull.has(email) && (onConflict !== 'skip' || byEmail.has(email))
  const choosing = new Set(welcome.filter(isChoosing))
  const chosen = await (dryRun ? foreseeTopicsOf : chooseTopicsOf)(db, [...choosing], { ...write, toConfirm })
  const asking = welcome.filter(({ email, askingRows }) => askingRows.length > 0 && !byEmail.has(email))
  const asleep = onConflict === 'skip' ? undefined : await unsubscribedAmong(db, projectId, emailsOf(asking))
  const outcomeOf = ({ email }: CombinedWish): Outcome => {
    if (gone.has(email)) return 'erased'
    if (overfull.has(email)) return 'full'
    const contact = byEmail.get(email)
    if (contact === undefined)
      return onConflict === 'skip' ? 'skipped' : chosen.changed.has(email) ? 'updated' : 'unchanged'
    return contact.isNew ? 'created' : 'updated'
  }
  const stored: Stored = { counts: [{ refused: unknown.length }], problems: [...unknown] }
  for (const wish of combined) {
    const outcome = outcomeOf(wish)
    const contact = byEmail.get(wish.email)
    const kept = keptOf(wish, {
      contact: contact?.subscribed ? undefined : (contact ?? asleep?.get(wish.email)),
      topics: choosing.has(wish) ? (chosen.kept.get(wish.email) ?? new Map()) : undefined,
    })
    const problems = problemsOf(wish, { outcome, kept, topicColumn: order.plan.topics?.column ?? null })
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
  const overfull = await overfullAmong(db, wishes, write)
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
  const overfull = await overfullAmong(db, wishes, write)
  const fitting = wishes.filter(({ email }) => !overfull.has(email))
  return { overfull, written: await writeContacts(db, fitting, write) }
}
