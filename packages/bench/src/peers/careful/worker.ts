import pg from 'pg'
import { PgBoss, type Job } from 'pg-boss'
import { endWithParent, peerConfiguration } from '../configuration.ts'
import { createMailer } from '../mailer.ts'
import { queue } from './schema.ts'

type Stored = { id: string; from: string; to: string; subject: string; body: string }

const { databaseUrl, smtpPort } = peerConfiguration()
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
const mailer = createMailer(smtpPort)
const boss = new PgBoss({ connectionString: databaseUrl, max: 10, useListenNotify: true })
boss.on('error', (error) => console.error(error))

async function sendBatch(jobs: Job<{ emailId: string }>[]) {
  const waiting = await pool.query<Stored>({
    name: 'load-emails',
    text: `select id, from_address as "from", to_address as "to", subject, body
           from emails where id = any($1::uuid[]) and status <> 'sent'`,
    values: [jobs.map((job) => job.data.emailId)],
  })
  const failures = new Map<string, string>()
  const sent: string[] = []
  await Promise.all(
    waiting.rows.map(async (mail) => {
      try {
        await mailer.send(mail)
        sent.push(mail.id)
      } catch (error) {
        failures.set(mail.id, String(error))
      }
    }),
  )
  await pool.query({
    name: 'mark-sent',
    text: `update emails set status = 'sent', sent_at = now() where id = any($1::uuid[])`,
    values: [sent],
  })
  return jobs.map((job) => {
    const failure = failures.get(job.data.emailId)
    return failure === undefined
      ? { id: job.id, status: 'completed' as const }
      : { id: job.id, status: 'failed' as const, output: { failure } }
  })
}

await boss.start()
await boss.work<{ emailId: string }>(
  queue,
  { batchSize: 100, localConcurrency: 2, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true, perJobResults: true },
  sendBatch,
)
endWithParent(async () => {
  await boss.stop({ graceful: false })
  mailer.close()
  await pool.end()
})
