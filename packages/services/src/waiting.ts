import type { Db } from '@posthorn/db'
import { lanes } from '@posthorn/outbox'
import { present, selectEmails } from './emails/read.ts'
import { whyItWaits } from './emails/why.ts'

const PAGE = 500

export interface WaitingEmail {
  projectId: string
  id: string
  to: string
  subject: string
  status: string
  /** In words. */
  why: string
  attempts: number
  nextAttemptAt: Date | null
}

/**
 * Every email that waits, of one project or of all, oldest first within a project. Read page by page, so that neither
 * side has to hold a long queue in memory. For the operator; nothing over the network reaches it.
 */
export async function* waitingEmails(db: Db, projectId?: string): AsyncGenerator<WaitingEmail> {
  for (const id of projectId === undefined ? await projectsThatWait(db) : [projectId]) yield* waitingOf(db, id)
}

async function projectsThatWait(db: Db): Promise<string[]> {
  return [...new Set((await lanes(db)).map((lane) => lane.projectId))]
}

async function* waitingOf(db: Db, projectId: string): AsyncGenerator<WaitingEmail> {
  let after: string | undefined
  do {
    const rows = await selectEmails(db, projectId)
      .where('outbox.email_id', '>', after ?? '00000000-0000-0000-0000-000000000000')
      .orderBy('outbox.email_id')
      .limit(PAGE)
      .execute()
    for (const row of rows) {
      const { id, to, subject, status, attempts, nextAttemptAt } = present(row)
      yield { projectId, id, to: to.email, subject, status, why: whyItWaits(row), attempts, nextAttemptAt }
    }
    after = rows.length === PAGE ? rows.at(-1)?.id : undefined
  } while (after !== undefined)
}
