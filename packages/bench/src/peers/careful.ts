import { join } from 'node:path'
import pg from 'pg'
import type { Contender } from '../contender.ts'
import { postgresStage } from '../postgres-stage.ts'
import type { Run } from '../run.ts'
import { createSchema } from './careful/schema.ts'

const key = 'sk_bench_careful_0123456789'

/** What a careful team writes in an afternoon: one transaction, pg-boss on the same Postgres, a nodemailer pool. */
export function careful(run: Run): Contender {
  const folder = join(import.meta.dirname, 'careful')
  return {
    name: 'careful',
    title: 'Express, one transaction, pg-boss, nodemailer pool',
    prepare: () =>
      postgresStage(run, {
        name: 'careful',
        async prepare(databaseUrl) {
          const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
          try {
            await createSchema(pool, { databaseUrl, key })
          } finally {
            await pool.end()
          }
        },
        api: ({ databaseUrl, port }) => ({
          name: 'careful-api',
          args: [join(folder, 'api.ts'), JSON.stringify({ databaseUrl, port })],
        }),
        worker: ({ databaseUrl }) => ({
          name: 'careful-worker',
          args: [join(folder, 'worker.ts'), JSON.stringify({ databaseUrl, smtpPort: run.sink.port })],
        }),
        endpoint: (port) => ({
          port,
          path: '/v1/send',
          trackPath: '/v1/track',
          contactsPath: '/v1/contacts',
          authorization: `Bearer ${key}`,
          batch: { path: '/v1/send/batch', before: '{"emails":[', after: ']}' },
        }),
      }),
  }
}
