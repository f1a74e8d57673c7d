import { compose } from '@posthorn/sending/compose'
import { loadEmails } from '@posthorn/sending/delivery/load'
import { transact, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { announce } from './changes.ts'

const BATCH = 100
const FIRST = '00000000-0000-0000-0000-000000000000'

/** What stands in the place of a token. A page that is opened with it says that the link is over. */
const OVER = '#token=over'

/**
 * Blanks the links that work no more (used, expired, taken back, ended by a new password) in the mails that brought
 * them, also as the built-in inbox has caught them: who reads old mail learns no token. Joins the caller’s transaction
 * when there is one, so that what uses a link up can blank it in the same breath.
 */
export async function blankEndedLinks(db: Db): Promise<void> {
  const step = (after: string) =>
    db.isTransaction ? blankSome(db, after) : transact(db, (trx) => blankSome(trx, after))
  let after: string | undefined = FIRST
  while (after !== undefined) after = await step(after)
}

interface EndedLink {
  project_id: string
  email_id: string
  /** Whether nobody is about to deliver the mail, and with it another copy. */
  is_settled: boolean
}

/** Answers where to go on, or undefined at the end. */
async function blankSome(db: Db, after: string): Promise<string | undefined> {
  const ended = await takeEnded(db, after)
  if (ended.length === 0) return undefined
  for (const projectId of new Set(ended.map(({ project_id }) => project_id))) {
    const links = ended.filter(({ project_id }) => project_id === projectId)
    const emailIds = links.map(({ email_id }) => email_id)
    await blankContents(db, projectId, emailIds)
    await blankCaught(db, projectId, emailIds)
    // The others are looked at again: a copy that is on its way could still come with the link.
    const done = links.flatMap(({ email_id, is_settled }) => (is_settled ? [email_id] : []))
    await sql`delete from mailed_links where project_id = ${projectId} and email_id = any(${done}::uuid[])`.execute(db)
    await announce(db, projectId, 'emails')
    await announce(db, projectId, 'inbox')
  }
  return ended.length < BATCH ? undefined : ended.at(-1)?.email_id
}

async function takeEnded(db: Db, after: string): Promise<EndedLink[]> {
  const { rows } = await sql<EndedLink>`
    select links.project_id, links.email_id, not exists (
        select from emails
        where emails.project_id = links.project_id and emails.id = links.email_id and outcome is null
      ) as is_settled
    from mailed_links links
    where links.email_id > ${after}
      and not exists (select from auth.verifications where identifier = verification and expires_at > now())
      and not exists (
        select from invitations join projects on projects.id = invitations.project_id and deleted_at is null
        where token_hash = invitation and expires_at > now())
    order by links.email_id limit ${BATCH} for update of links skip locked
  `.execute(db)
  return rows
}

async function blankContents(db: Db, projectId: string, emailIds: string[]): Promise<void> {
  const blanked = (column: string) => sql`regexp_replace(${sql.ref(column)}, '#token=[A-Za-z0-9_-]{43}', ${OVER}, 'g')`
  await sql`
    update email_contents set html = ${blanked('html')}, text = ${blanked('text')}
    where project_id = ${projectId} and id in (
      select content_id from emails where project_id = ${projectId} and id = any(${emailIds}::uuid[]))
  `.execute(db)
}

/** A caught message is encoded, so it is composed anew from what is left of its content. */
async function blankCaught(db: Db, projectId: string, emailIds: string[]): Promise<void> {
  const caught = await db
    .selectFrom('inbox_messages')
    .select('email_id')
    .distinct()
    .where('project_id', '=', projectId)
    .where('email_id', 'in', emailIds)
    .execute()
  if (caught.length === 0) return
  const emails = await loadEmails(
    db,
    projectId,
    caught.map(({ email_id }) => email_id),
  )
  for (const [id, email] of emails) {
    const source = compose({ ...email, attachments: [] })
    await db
      .updateTable('inbox_messages')
      .set({ source, size_bytes: source.length })
      .where('project_id', '=', projectId)
      .where('email_id', '=', id)
      .execute()
  }
}
