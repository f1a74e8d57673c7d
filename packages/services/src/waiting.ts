import type { Db } from '@posthorn/db'
import { lanes } from '@posthorn/outbox'
import { sql } from 'kysely'
import { present, selectEmails } from './emails/read.ts'

const PAGE = 500
/** Workers look more often than this, so a mail that is due for longer has something in its way. */
const PATIENCE_SECONDS = 60

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
  const pause = await relayPause(db)
  for (const id of projectId === undefined ? await projectsThatWait(db) : [projectId]) yield* waitingOf(db, id, pause)
}

/** What the workers say of a relay that they leave alone at the moment. */
async function relayPause(db: Db): Promise<string | undefined> {
  const pause = await db
    .selectFrom('relay_pauses')
    .selectAll()
    .where('paused_until', '>', sql<Date>`now()`)
    .orderBy('paused_until')
    .executeTakeFirst()
  return pause && `The relay ${pause.relay} is left alone until ${pause.paused_until.toISOString()}: ${pause.reason}`
}

async function projectsThatWait(db: Db): Promise<string[]> {
  return [...new Set((await lanes(db)).map((lane) => lane.projectId))]
}

async function* waitingOf(db: Db, projectId: string, pause: string | undefined): AsyncGenerator<WaitingEmail> {
  let after: string | undefined
  do {
    const rows = await selectEmails(db, projectId)
      .select(sql<number>`extract(epoch from now() - outbox.due_at)::float8`.as('overdue_seconds'))
      .where('outbox.email_id', '>', after ?? '00000000-0000-0000-0000-000000000000')
      .orderBy('outbox.email_id')
      .limit(PAGE)
      .execute()
    for (const row of rows) {
      const { id, to, subject, status, attempts, nextAttemptAt, reason } = present(row)
      const why = whyItWaits({ status, reason: reason ?? pause ?? null, overdueSeconds: row.overdue_seconds })
      yield { projectId, id, to: to.email, subject, status, why, attempts, nextAttemptAt }
    }
    after = rows.length === PAGE ? rows.at(-1)?.id : undefined
  } while (after !== undefined)
}

function whyItWaits({
  status,
  reason,
  overdueSeconds,
}: {
  status: string
  reason: string | null
  overdueSeconds: number
}): string {
  if (status === 'sending') return 'A worker is sending it; should that worker die, it is due again at the next try.'
  if (status === 'scheduled') return 'It is scheduled for later.'
  if (overdueSeconds > PATIENCE_SECONDS) {
    const overdue = `It has been due for ${Math.floor(overdueSeconds / 60)} min and still waits for a worker.`
    return reason === null ? overdue : `${reason} ${overdue}`
  }
  return reason ?? (overdueSeconds >= 0 ? 'It is due and waits for its turn.' : 'It waits for its next try.')
}
