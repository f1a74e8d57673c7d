import { SCOPES } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { invoke, newId, systemActor } from '@posthorn/services'
import { sql } from 'kysely'
import type { TestApi } from './start-test-api.ts'

/** One row of everything that a project can have. */
export interface Rows {
  projectId: string
  emailId: string
  contactId: string
  topicId: string
  templateId: string
  imageId: string
  eventId: string
  keyId: string
  messageId: string
  requestId: string
  /** Of a job that waits. */
  jobId: string
  /** Of a file that was uploaded, and not started. */
  importId: string
  importJobId: string
  auditId: string
}

export interface SeededProject {
  rows: Rows
  publicKey: string
  /** Holds every scope there is. */
  fullKey: string
  /** An address that only this project knows. */
  address: string
}

export const HOUR_MS = 3_600_000
export const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString()

/** A project that has one of everything; its email waits for tomorrow. */
export async function seedProject(api: TestApi): Promise<SeededProject> {
  const { project, publicKey } = await api.newProject()
  const ctx = { db: api.db, runtime: api.runtime, actor: systemActor(project.id), requestId: newId() }
  const address = `ada-${newId()}@example.com`
  const { emails } = await invoke(ctx, ['emails', 'send'], {
    to: address,
    subject: 'Hello',
    body: '<p>Hi</p>',
    attachments: [{ filename: 'hi.txt', contentType: 'text/plain', content: 'SGk=' }],
    scheduledAt: inHours(24),
  })
  const tracked = await invoke(ctx, ['events', 'track'], { event: 'signed-up', email: address })
  const topicId = `topic-${newId()}`
  for (const id of [topicId, 'weekly']) await invoke(ctx, ['topics', 'create'], { id, name: 'Weekly' })
  await invoke(ctx, ['contacts', 'update'], { id: tracked.contact, topics: { [topicId]: true } })
  await invoke(ctx, ['project', 'update'], { postalAddress: '1 Example Street' })
  const template = await invoke(ctx, ['templates', 'create'], { name: 'Receipt', subject: 'Thanks', body: '<p>Hi</p>' })
  const { key: fullKey } = await api.newKey(project.id, { scopes: [...SCOPES] })
  const spare = await api.newKey(project.id, { name: 'Spare', scopes: ['emails:read'] })
  const emailId = emails[0]?.email ?? ''
  const messageId = newId()
  await sql`
    insert into inbox_messages (project_id, id, email_id, envelope_from, envelope_to, subject, size_bytes, source)
    values (${project.id}, ${messageId}, ${emailId}, 'hello@acme.example', ${[address]}, 'Hello', 26,
      ${Buffer.from(caught(address))})
  `.execute(api.db)
  const imageId = newId()
  await sql`
    insert into images (project_id, id, hash, name, type, width, height, size_bytes, content)
    values (${project.id}, ${imageId}, sha256('x'), 'x.png', 'png', 1, 1, 1, 'x')
  `.execute(api.db)
  const requestId = newId()
  await sql`
    insert into api_requests (project_id, id, at, key_id, method, operation, status, duration_ms)
    values (${project.id}, ${requestId}, now(), ${spare.id}, 'GET', 'emails.list', 200, 1.5)
  `.execute(api.db)
  const { jobId } = await invoke(ctx, ['contacts', 'bulkSubscribe'], { mode: 'ids', contactIds: [tracked.contact] })
  const csv = () => ({
    type: 'text/csv',
    filename: undefined,
    chunks: ReadableStream.from([Buffer.from(`email,plan\n${address},pro\n`)]),
  })
  const uploaded = await invoke({ ...ctx, body: csv() }, ['imports', 'upload'], {})
  await sql`
    insert into import_problems (project_id, import_id, row, outcome, email, code, message)
    values (${project.id}, ${uploaded.id}, 2, 'refused', ${address}, 'invalid_email', 'Not an e-mail address.')
  `.execute(api.db)
  const imported = await invoke({ ...ctx, body: csv() }, ['contacts', 'import'], {})
  const { rows: entries } = await sql<{ id: string }>`
    select id from audit_log where project_id = ${project.id} order by id limit 1
  `.execute(api.db)
  const rows = {
    projectId: project.id,
    emailId,
    contactId: tracked.contact,
    topicId,
    templateId: template.id,
    imageId,
    eventId: tracked.event,
    keyId: spare.id,
    messageId,
    requestId,
    jobId,
    importId: uploaded.id,
    importJobId: imported.jobId,
    auditId: entries[0]?.id ?? '',
  }
  return { rows, publicKey, fullKey, address }
}

/** The same, of a project that does not exist. */
export function missingRows(): Rows {
  return {
    projectId: newId(),
    emailId: newId(),
    contactId: newId(),
    topicId: `topic-${newId()}`,
    templateId: newId(),
    imageId: newId(),
    eventId: newId(),
    keyId: newId(),
    messageId: newId(),
    requestId: newId(),
    jobId: newId(),
    importId: newId(),
    importJobId: newId(),
    auditId: newId(),
  }
}

const caught = (address: string) =>
  [
    `To: ${address}`,
    'Subject: Hello',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    '',
    'Hi',
    '--x',
    'Content-Disposition: attachment; filename=hi.txt',
    '',
    'Hi',
    '--x--',
    '',
  ].join('\r\n')

const tablesOf = new WeakMap<Db, string[]>()

/** The tables with rows of projects, that exist now or will one day. They are looked up once for a database. */
async function projectTables(db: Db): Promise<string[]> {
  const known = tablesOf.get(db)
  if (known !== undefined) return known
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'project_id' and table_name <> 'api_requests' order by table_name
  `.execute(db)
  const names = rows.map(({ name }) => name)
  tablesOf.set(db, names)
  return names
}

/** All that is stored of a project; but the log of requests has refused ones too. */
export async function snapshot({ db }: TestApi, projectId: string): Promise<string[]> {
  // When a key was used last is not something that a call does to the project.
  const stored = (await projectTables(db)).map(
    (name) => sql`
      select ${sql.lit(name)} as name, (to_jsonb(t) - 'last_used_at' - 'last_used_ip')::text as row
      from ${sql.table(name)} t where project_id = ${projectId}::uuid`,
  )
  const all = sql.join(stored, sql` union all `)
  const { rows } = await sql<{ name: string; row: string }>`${all} order by 1, 2`.execute(db)
  return rows.map(({ name, row }) => `${name} ${row}`)
}
