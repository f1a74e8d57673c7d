import type { Output } from '@posthorn/contracts'
import { presentAttempt } from '../emails/attempts.ts'
import type { Context } from '../context.ts'
import { getContents, NO_CONTENT, present, selectEmails } from '../emails/read.ts'
import { findMails, LAST_ID, type Addressed, type PersonalMail } from './mails.ts'

type Mail = NonNullable<Output<'contacts', 'exportPerson'>['email']>

/** Each of them can have megabytes of content. */
const MAILS_AT_ONCE = 20

/** The mails of a person with all that belongs to them, newest first. A batch without any means that the search goes on. */
export async function* readMails(ctx: Context, person: Addressed): AsyncGenerator<Mail[], void, undefined> {
  let before: string | null = LAST_ID
  while (before !== null) {
    const found = await findMails(ctx.db, person, { before, limit: MAILS_AT_ONCE })
    yield await readAll(ctx, found.mails)
    before = found.before
  }
}

async function readAll(ctx: Context, mails: readonly PersonalMail[]): Promise<Mail[]> {
  if (mails.length === 0) return []
  const { db, actor } = ctx
  const ids = mails.map(({ id }) => id)
  const rows = await selectEmails(db, actor.projectId)
    .where('emails.id', 'in', ids)
    .orderBy('emails.id', 'desc')
    .execute()
  const attempts = await db
    .selectFrom('email_attempts')
    .selectAll()
    .where('project_id', '=', actor.projectId)
    .where('email_id', 'in', ids)
    .orderBy('number')
    .execute()
  const received = new Set(mails.filter(({ isRecipient }) => isRecipient).map(({ id }) => id))
  const contents = await getContents(ctx, [...new Set(rows.map((row) => row.content_id))])
  return rows.map((row) => ({
    ...present(row),
    replyTo: row.reply_to_email === null ? null : { email: row.reply_to_email, name: row.reply_to_name },
    ...(contents.get(row.content_id) ?? NO_CONTENT),
    role: received.has(row.id) ? 'recipient' : 'copied',
    deliveries: attempts.filter((attempt) => attempt.email_id === row.id).map(presentAttempt),
  }))
}
