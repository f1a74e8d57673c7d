import { SCOPES } from '@posthorn/contracts'
import { invoke, newId, systemActor } from '@posthorn/services'
import { sql } from 'kysely'
import type { TestApi } from './start-test-api.ts'

/** One row of everything that a project can have. */
export interface Rows {
  projectId: string
  emailId: string
  contactId: string
  eventId: string
  keyId: string
  messageId: string
  requestId: string
  /** Of a job that waits. */
  jobId: string
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
  const { key: fullKey } = await api.newKey(project.id, { scopes: [...SCOPES] })
  const spare = await api.newKey(project.id, { name: 'Spare', scopes: ['emails:read'] })
  const emailId = emails[0]?.email ?? ''
  const messageId = newId()
  await sql`
    insert into inbox_messages (project_id, id, email_id, envelope_from, envelope_to, subject, size_bytes, source)
    values (${project.id}, ${messageId}, ${emailId}, 'hello@acme.example', ${[address]}, 'Hello', 26,
      ${Buffer.from(caught(address))})
  `.execute(api.db)
  const requestId = newId()
  await sql`
    insert into api_requests (project_id, id, at, key_id, method, operation, status, duration_ms)
    values (${project.id}, ${requestId}, now(), ${spare.id}, 'GET', 'emails.list', 200, 1.5)
  `.execute(api.db)
  const { jobId } = await invoke(ctx, ['contacts', 'bulkSubscribe'], { mode: 'ids', contactIds: [tracked.contact] })
  const { rows: entries } = await sql<{ id: string }>`
    select id from audit_log where project_id = ${project.id} order by id limit 1
  `.execute(api.db)
  const rows = {
    projectId: project.id,
    emailId,
    contactId: tracked.contact,
    eventId: tracked.event,
    keyId: spare.id,
    messageId,
    requestId,
    jobId,
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
    eventId: newId(),
    keyId: newId(),
    messageId: newId(),
    requestId: newId(),
    jobId: newId(),
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

/** All that is stored of a project, in tables that exist now or will one day; the log of requests has refused ones too. */
export async function snapshot({ db }: TestApi, projectId: string): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'project_id' and table_name <> 'api_requests' order by table_name
  `.execute(db)
  const stored: string[] = []
  for (const { name } of tables) {
    // When a key was used last is not something that a call does to the project.
    const { rows } = await sql<{ row: string }>`
      select (to_jsonb(t) - 'last_used_at' - 'last_used_ip')::text as row from ${sql.table(name)} t
      where project_id = ${projectId} order by 1
    `.execute(db)
    stored.push(...rows.map(({ row }) => `${name} ${row}`))
  }
  return stored
}
