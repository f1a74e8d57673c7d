import { sql } from 'kysely'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherConnection, testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { isUnavailable } from './errors.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const send = (n: number, idempotencyKey?: string) =>
  project.call(['emails', 'send'], { to: `r${n}@example.com`, subject: `${n}`, text: 'Hello' }, { idempotencyKey })

test('when connections break under load, what was accepted is stored and the rest can be tried again', async () => {
  const breaker = anotherConnection(instance)
  const breakAll = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(breaker)

  const requests: Promise<{ n: number; email?: string; code?: string; status?: number }>[] = []
  for (let n = 0; n < 400; n += 1) {
    const settled = send(n, `key-${n}`).then(
      ({ emails }) => ({ n, email: emails[0]!.email }),
      ({ code, status }) => ({ n, code, status }),
    )
    requests.push(settled)
    if (n % 40 === 20) await breakAll()
    await turn()
  }
  const outcomes = await Promise.all(requests)

  const refused = outcomes.filter(({ email }) => email === undefined)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(400)
  expect(refused.filter(({ code, status }) => code !== 'SERVICE_UNAVAILABLE' || status !== 503)).toEqual([])
  const stored = await instance.db.selectFrom('emails').select('id').where('project_id', '=', project.id).execute()
  const ids = new Set(stored.map(({ id }) => id))
  expect(outcomes.filter(({ email }) => email !== undefined && !ids.has(email))).toEqual([])

  for (const { n } of outcomes) await send(n, `key-${n}`)
  const { rows } = await sql<{ subjects: number; emails: number }>`
    select count(distinct subject)::int as subjects, count(*)::int as emails from emails
    where project_id = ${project.id}`.execute(instance.db)
  expect(rows).toEqual([{ subjects: 400, emails: 400 }])
})

test('a database that refuses a statement is not one that is away', async () => {
  const faults = await Promise.all(
    ['select 1/0', 'nonsense', `select 'x'::uuid`].map((text) =>
      sql
        .raw(text)
        .execute(instance.db)
        .catch((error: unknown) => error),
    ),
  )
  expect(faults.map(isUnavailable)).toEqual([false, false, false])
  expect([new Error('timeout'), 'ECONNREFUSED', undefined].map(isUnavailable)).toEqual([false, false, false])
})
