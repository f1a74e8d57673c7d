import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { blankEndedLinks } from '../product-mail-links.ts'

const STATEMENTS = [
  `delete from auth.sessions where expires_at < now()`,
  `delete from auth.verifications where expires_at < now()`,
  // What limits tries counts the last hour alone.
  `delete from auth.attempts where last_at < now() - interval '2 hours' and blocked_until < now()`,
  // A browser that was not seen for a year is a new one.
  `delete from auth.devices where seen_at < now() - interval '1 year'`,
]

/** Deletes what of sessions, links and tries has had its time, and blanks the links in the mails that brought them. */
export async function forgetAccountTraces(db: Db): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  await blankEndedLinks(db)
}
