import { connect, type Connection } from '@posthorn/db'
import { enqueue, STREAMS } from '@posthorn/outbox'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { checkHealth, type HealthCheck, type Instance } from './health.ts'
import { sendsThroughRelay } from './health/relays.ts'
import { newId } from './ids.ts'
import { createProject } from './instance.ts'
import { createRuntime } from './runtime.ts'

const SECRET = 'a secret of at least thirty-two characters'

let database: TestDatabase
let connection: Connection

beforeAll(async () => {
  database = await testDatabase()
  connection = connect(database.connectionString, { poolSize: 2 })
  const runtime = createRuntime({ db: connection.db, secret: SECRET, captures: true })
  await createProject(runtime, 'Health')
  await runtime.close()
})

afterAll(async () => {
  await connection.close()
  await database.drop()
})

async function check(name: string, instance: Partial<Instance> = {}): Promise<HealthCheck | undefined> {
  const checks = await checkHealth({ db: connection.db, secret: SECRET, ...instance })
  return checks.find((one) => one.name === name)
}

test('a database that answers, is migrated, agrees on the time and has no overdue mail is well', async () => {
  for (const name of ['database', 'migrations', 'clock', 'secret', 'queue', 'relays']) {
    expect(await check(name)).toMatchObject({ status: 'ok' })
  }
})

test('settings under which a crash loses data are wrong, and each is named', async () => {
  expect(await check('durability')).toMatchObject({
    status: 'wrong',
    message: expect.stringMatching(/fsync is off: .* full_page_writes is off: .* synchronous_commit is off: /),
    advice: expect.stringContaining('fsync = on'),
  })
})

test('without a database that answers there is a verdict, and nothing of the address in it', async () => {
  const gone = connect('postgres://posthorn:hidden@127.0.0.1:1/posthorn')
  const checks = await checkHealth({ db: gone.db, secret: SECRET })
  await gone.close()
  expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual(['database wrong', 'secret ok', 'smtp ok'])
  expect(JSON.stringify(checks)).not.toContain('hidden')
})

test('a schema that lacks migrations is wrong, and what needs the tables is left out', async () => {
  const old = await testDatabase()
  const { db, ...rest } = connect(old.connectionString, { poolSize: 1 })
  await sql`delete from kysely_migration`.execute(db)
  const checks = await checkHealth({ db, secret: SECRET })
  await rest.close()
  await old.drop()
  expect(checks.find(({ name }) => name === 'migrations')).toMatchObject({
    status: 'wrong',
    message: expect.stringContaining('0001_first_tables'),
    advice: 'Run: pnpm posthorn migrate',
  })
  expect(checks.some(({ name }) => name === 'queue')).toBe(false)
})

test.each([
  ['missing', undefined, /There is no master key/],
  ['too short', 'short', /has 5 characters instead of at least 32/],
  ['of another instance', 'another secret of thirty-two characters', /does not open 1 of 1 secret keys/],
])('a master key that is %s is wrong', async (_, secret, message) => {
  const found = await check('secret', { secret })
  expect(found).toMatchObject({ status: 'wrong', message: expect.stringMatching(message) })
  expect(JSON.stringify(found)).not.toContain(secret ?? 'undefined')
})

test('a clock that differs from the database’s is told', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  onTestFinished(() => void vi.useRealTimers())
  expect(await check('clock')).toMatchObject({
    status: 'warning',
    message: expect.stringMatching(/differ by (59|60|61) s/),
  })
  vi.setSystemTime(Date.now() + 3_600_000)
  expect(await check('clock')).toMatchObject({ status: 'wrong' })
})

test('mail that has been due for more than five minutes is wrong', async () => {
  const due = async (minutes: number) => {
    const emailId = newId()
    await enqueue(connection.db, [{ projectId: newId(), emailId, stream: STREAMS.transactional, sizeBytes: 1 }])
    await sql`update outbox set due_at = now() - make_interval(mins => ${minutes}) where email_id = ${emailId}`.execute(
      connection.db,
    )
  }
  await due(-10)
  await due(4)
  expect(await check('queue')).toMatchObject({ status: 'ok', message: 'No mail is overdue.' })
  await due(6)
  expect(await check('queue')).toMatchObject({ status: 'wrong', message: 'The oldest mail has been due for 6 min.' })
  await sql`delete from outbox`.execute(connection.db)
})

test('a relay that the workers leave alone is wrong, with their reason and until when; one whose pause is over is not', async () => {
  const { db } = connection
  const pause = (relay: string, minutes: number) =>
    sql`insert into relay_pauses values (${relay}, now() + make_interval(mins => ${minutes}), 'It refuses the login.')`.execute(
      db,
    )
  await pause('over.example.com', -1)
  expect(await check('relays')).toMatchObject({ status: 'ok' })
  await pause('dead.example.com', 5)
  expect(await check('relays')).toEqual({
    name: 'relays',
    status: 'wrong',
    message: expect.stringMatching(
      /^The workers leave dead\.example\.com alone until \d{4}-.*Z: It refuses the login\.$/,
    ),
    advice: expect.stringContaining('SMTP_URL of the workers'),
  })
  await sql`delete from relay_pauses`.execute(db)
})

test('whether mail goes through a relay is told by the newest mail of all projects', async () => {
  const { db } = connection
  const { id } = await db.selectFrom('projects').select('id').executeTakeFirstOrThrow()
  const accept = async (captured: boolean) => {
    const emailId = newId()
    await sql`insert into emails (project_id, id, content_id, contact_id, from_email, to_email, subject, captured)
      values (${id}, ${emailId}, ${emailId}, ${emailId}, 'a@example.com', 'b@example.com', 'Hello', ${captured})`.execute(
      db,
    )
  }
  expect(await sendsThroughRelay(db)).toBe(false)
  await accept(false)
  expect(await sendsThroughRelay(db)).toBe(true)
  await accept(true)
  expect(await sendsThroughRelay(db)).toBe(false)
  await sql`delete from emails`.execute(db)
})
