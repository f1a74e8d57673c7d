import type { Db } from '@posthorn/db'
import { lastWait, noteAccountAct, useOnce } from '@posthorn/services'

/** Longer than the longest wait, when each is told from the next by its end. */
const NOTED_SECONDS = 3600

interface Failure {
  subject: string
  delays: { email: string } | { userId: string }
  whence: { ip: string | undefined; userAgent: string | undefined }
}

/**
 * Keeps that wrong tries at somebody’s sign-in have led to a wait, once for each. Where there is no such account there
 * is nothing to keep.
 */
export async function noteDelay(db: Db, { subject, delays, whence }: Failure): Promise<void> {
  const wait = await lastWait(db, subject)
  if (wait === undefined) return
  const owner = await db
    .selectFrom('auth.users')
    .select('id')
    .where((eb) => ('email' in delays ? eb('email', '=', delays.email) : eb('id', '=', delays.userId)))
    .executeTakeFirst()
  if (owner === undefined) return
  // Of several tries at once all find the wait that the last of them began.
  if (!(await useOnce(db, `wait of ${subject} until ${wait.until.toISOString()}`, NOTED_SECONDS))) return
  const detail = { waitSeconds: wait.seconds, by: 'email' in delays ? 'password' : 'second factor' }
  await noteAccountAct(db, { userId: owner.id, action: 'sign-in-delayed', ...whence, detail })
}
