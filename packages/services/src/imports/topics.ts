import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { chooseUnasked } from '../topics/choices.ts'
import { topicsOf } from '../topics/read.ts'
import type { CombinedWish } from './piece.ts'
import type { RowProblem, RowWish } from './rows.ts'
import type { Write } from './write.ts'

const speaks = ({ topics }: RowWish) => Object.keys(topics).length > 0

/** The rows whose topics are all there, and what is wrong with the others. */
export async function withKnownTopics(db: Db, projectId: string, wishes: readonly RowWish[]) {
  if (!wishes.some(speaks)) return { known: wishes, problems: [] }
  const ids = new Set((await topicsOf(db, projectId)).map(({ id }) => id))
  const problems: RowProblem[] = []
  const known = wishes.filter(({ row, email, topics }) => {
    const unknown = Object.keys(topics).find((id) => !ids.has(id))
    if (unknown === undefined) return true
    const message = `The project has no topic \`${unknown}\`; create it first.`
    problems.push({ row, outcome: 'refused', column: null, email, code: 'unknown_topic', message })
    return false
  })
  return { known, problems }
}

/** Holds the contacts whose topics are to be chosen, in the order in which all are written. */
export async function holdChoosing(db: Db, projectId: string, wishes: readonly CombinedWish[]): Promise<void> {
  const emails = wishes.filter(speaks).map(({ email }) => email)
  if (emails.length === 0) return
  await sql`
    select from contacts where project_id = ${projectId} and email = any(${emails}) order by email for update
  `.execute(db)
}

/** Chooses and leaves the topics that rows name, and answers with the addresses for which that changed something. */
export async function chooseTopicsOf(db: Db, all: readonly CombinedWish[], write: Write): Promise<Set<string>> {
  const wishes = all.filter(speaks)
  if (wishes.length === 0) return new Set()
  const { rows } = await sql<{ id: string; email: string }>`
    select id, email from contacts
    where project_id = ${write.projectId} and email = any(${wishes.map(({ email }) => email)})
  `.execute(db)
  const ids = new Map(rows.map(({ id, email }) => [email, id]))
  const changed = await chooseUnasked(
    db,
    write,
    wishes.flatMap(({ email, topics }) => {
      const contactId = ids.get(email)
      return contactId === undefined ? [] : [{ contactId, choices: topics, consent: write.consent }]
    }),
  )
  return new Set(rows.filter(({ id }) => changed.has(id)).map(({ email }) => email))
}

/** What `chooseTopicsOf` would answer with. Nothing stays of it. */
export async function foreseeTopicsOf(db: Db, wishes: readonly CombinedWish[], write: Write): Promise<Set<string>> {
  await sql`savepoint choosing`.execute(db)
  const changed = await chooseTopicsOf(db, wishes, write)
  await sql`rollback to savepoint choosing`.execute(db)
  return changed
}
