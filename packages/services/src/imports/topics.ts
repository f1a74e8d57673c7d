import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { chooseUnasked, type Kept } from '../topics/choices.ts'
import { topicsOf } from '../topics/read.ts'
import type { CombinedWish } from './piece.ts'
import type { RowProblem, RowWish } from './rows.ts'
import type { Write } from './write.ts'

const speaks = ({ topics }: RowWish) => Object.keys(topics).length > 0

/** The rows whose topics are all there, what is wrong with the others, and which topics are to be confirmed. */
export async function withKnownTopics(db: Db, projectId: string, wishes: readonly RowWish[]) {
  if (!wishes.some(speaks)) return { known: wishes, problems: [], toConfirm: new Set<string>() }
  const topics = await topicsOf(db, projectId)
  const ids = new Set(topics.map(({ id }) => id))
  const problems: RowProblem[] = []
  const known = wishes.filter(({ row, email, topics }) => {
    const unknown = Object.keys(topics).find((id) => !ids.has(id))
    if (unknown === undefined) return true
    const message = `The project has no topic \`${unknown}\`; create it first.`
    problems.push({ row, outcome: 'refused', column: null, email, code: 'unknown_topic', message })
    return false
  })
  const toConfirm = new Set(topics.filter((topic) => topic.double_opt_in).map(({ id }) => id))
  return { known, problems, toConfirm }
}

/** Holds the contacts whose topics are to be chosen, in the order in which all are written. */
export async function holdChoosing(db: Db, projectId: string, wishes: readonly CombinedWish[]): Promise<void> {
  const emails = wishes.filter(speaks).map(({ email }) => email)
  if (emails.length === 0) return
  await sql`
    select from contacts where project_id = ${projectId} and email = any(${emails}) order by email for update
  `.execute(db)
}

export interface ChosenTopics {
  /** The addresses for which it changed something. */
  changed: Set<string>
  /** By address, the topics that were to be chosen, and are not. */
  kept: Map<string, Map<string, Kept>>
}

interface Choosing extends Write {
  toConfirm: ReadonlySet<string>
}

/** Chooses and leaves the topics that rows name. */
export async function chooseTopicsOf(db: Db, all: readonly CombinedWish[], choosing: Choosing): Promise<ChosenTopics> {
  const chosen: ChosenTopics = { changed: new Set(), kept: new Map() }
  const wishes = all.filter(speaks)
  if (wishes.length === 0) return chosen
  const { rows } = await sql<{ id: string; email: string }>`
    select id, email from contacts
    where project_id = ${choosing.projectId} and email = any(${wishes.map(({ email }) => email)})
  `.execute(db)
  const emails = new Map(rows.map(({ id, email }) => [id, email]))
  const ids = new Map(rows.map(({ id, email }) => [email, id]))
  const { changed, kept } = await chooseUnasked(
    db,
    choosing,
    wishes.flatMap(({ email, topics }) => {
      const contactId = ids.get(email)
      return contactId === undefined ? [] : [{ contactId, choices: topics, consent: choosing.consent }]
    }),
  )
  const keep = (email: string, topic: string, why: Kept) =>
    chosen.kept.set(email, (chosen.kept.get(email) ?? new Map<string, Kept>()).set(topic, why))
  for (const id of changed) chosen.changed.add(emails.get(id)!)
  for (const { contactId, topic, why } of kept) keep(emails.get(contactId)!, topic, why)
  for (const { email, topics } of wishes) {
    // In a try who is new is not there.
    if (ids.has(email) || choosing.consent?.confirmed === true) continue
    for (const [topic, isChosen] of Object.entries(topics)) {
      if (isChosen && choosing.toConfirm.has(topic)) keep(email, topic, 'not_confirmed')
    }
  }
  return chosen
}

/** What `chooseTopicsOf` would answer with. Nothing stays of it. */
export async function foreseeTopicsOf(
  db: Db,
  wishes: readonly CombinedWish[],
  choosing: Choosing,
): Promise<ChosenTopics> {
  await sql`savepoint choosing`.execute(db)
  const chosen = await chooseTopicsOf(db, wishes, choosing)
  await sql`rollback to savepoint choosing`.execute(db)
  return chosen
}
