import { connect } from '@posthorn/db'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createProject } from '../instance.ts'
import { createRuntime } from '../runtime.ts'
import { checkStart } from './start.ts'

const SECRET = 'a secret of at least thirty-two characters'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  const { db, close } = connect(database.connectionString, { poolSize: 1 })
  const runtime = createRuntime({ db, secret: SECRET, captures: true })
  await createProject(runtime, 'Start')
  await runtime.close()
  await close()
})

afterAll(() => database.drop())

const changed = (change: (url: URL) => void) => {
  const url = new URL(database.connectionString)
  change(url)
  return url.href
}

test('a master key that opens the keys is nothing to speak of, and another one is', async () => {
  const databaseUrl = database.connectionString
  expect(await checkStart({ databaseUrl, secret: SECRET })).toBeUndefined()
  expect(await checkStart({ databaseUrl, secret: 'another secret of thirty-two characters' })).toMatch(
    /^The master key does not open 1 of 1 secret keys: .* Set POSTHORN_SECRET to /,
  )
})

test('a database that is away, or lacks its tables, keeps nothing from starting', async () => {
  expect(await checkStart({ databaseUrl: 'postgres://a:b@127.0.0.1:1/c', secret: SECRET })).toBeUndefined()
  const databaseUrl = changed((url) => (url.pathname = '/postgres'))
  expect(await checkStart({ databaseUrl, secret: SECRET })).toBeUndefined()
})

test.each<[string, (url: URL) => void, RegExp]>([
  ['a wrong password', (url) => (url.password = 'hunter2'), /password authentication failed/],
  ['no password', (url) => (url.password = ''), /password must be a string/],
  ['a database that is not there', (url) => (url.pathname = '/nowhere'), /database "nowhere" does not exist/],
])('%s is one sentence that names the setting', async (_, change, reason) => {
  const found = await checkStart({ databaseUrl: changed(change), secret: SECRET }).catch((error: unknown) => error)
  expect(found).toMatchObject({ name: 'DatabaseDeniedError', setting: 'DATABASE_URL' })
  const { message } = found as Error
  expect(message).toMatch(/^The database in DATABASE_URL refuses \(.*\): check user, password and database name, .*\.$/)
  expect(message).toMatch(reason)
  expect(message).not.toContain('hunter2')
})

test('a user who may not read the tables is told so', async () => {
  const { db, close } = connect(database.connectionString, { poolSize: 1 })
  onTestFinished(async () => {
    await sql`grant all on api_keys to current_user`.execute(db)
    await close()
  })
  await sql`revoke all on api_keys from current_user`.execute(db)
  const databaseUrl = database.connectionString
  await expect(checkStart({ databaseUrl, secret: SECRET })).rejects.toThrow(/permission denied for table api_keys/)
})
