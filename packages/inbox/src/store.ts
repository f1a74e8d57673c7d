import { domainToASCII } from 'node:url'
import { toldChange, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { EmailReference } from './envelope-id.ts'
import { readSubject } from './subject.ts'

export interface Received {
  email: EmailReference
  from: string
  to: string[]
  source: Buffer
}

export async function emailExists(db: Db, { projectId, emailId }: EmailReference): Promise<boolean> {
  const row = await db
    .selectFrom('emails')
    .select('id')
    .where('project_id', '=', projectId)
    .where('id', '=', emailId)
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps a message. An email that is sent twice is kept twice, as a real mailbox would. */
export async function storeMessage(db: Db, { email, from, to, source }: Received): Promise<void> {
  const row = {
    project_id: email.projectId,
    id: v7(),
    email_id: email.emailId,
    envelope_from: withAsciiDomain(from),
    envelope_to: to.map(withAsciiDomain),
    subject: await readSubject(source),
    size_bytes: source.length,
    source,
  }
  await db
    .with('stored', (db) => db.insertInto('inbox_messages').values(row).returning('project_id'))
    .with('told', () => sql<object>`(${toldChange('inbox', sql`select project_id from stored`)})`)
    .selectFrom('told')
    .selectAll()
    .execute()
}

/** The SMTP library shows international domains in letters; everywhere else they are kept as A-labels (RFC 5890). */
function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@')
  const ascii = domainToASCII(address.slice(at + 1))
  return at < 0 || ascii === '' ? address : `${address.slice(0, at)}@${ascii}`
}
