import type { Pool, PoolClient } from 'pg'
import type { PgBoss } from 'pg-boss'
import type { Mail } from '../schema.ts'
import { queue } from './schema.ts'

/** Everything a mail needs is stored and enqueued in the caller's transaction. */
export async function acceptMail(at: { client: PoolClient; boss: PgBoss; projectId: string }, mail: Mail) {
  const { client, boss, projectId } = at
  const contact = await client.query<{ id: string }>({
    name: 'upsert-contact',
    text: `insert into contacts (project_id, email) values ($1, $2)
           on conflict (project_id, email) do update set updated_at = now() returning id`,
    values: [projectId, mail.to.toLowerCase()],
  })
  const contactId = contact.rows[0]?.id
  const email = await client.query<{ id: string }>({
    name: 'insert-email',
    text: `insert into emails (project_id, contact_id, from_address, to_address, subject, body)
           values ($1, $2, $3, $4, $5, $6) returning id`,
    values: [projectId, contactId, mail.from, mail.to, mail.subject, mail.body],
  })
  const emailId = email.rows[0]?.id
  // Named, so that Postgres plans pg-boss's long statement once for each connection: half as much again per second.
  const db = { executeSql: (text: string, values?: unknown[]) => client.query({ name: 'insert-job', text, values }) }
  await boss.send(queue, { emailId }, { db })
  return { contact: { id: contactId, email: mail.to }, email: emailId }
}

export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
