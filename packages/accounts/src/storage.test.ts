import { connect, type Db } from '@posthorn/db'
import { createRuntime, type Runtime } from '@posthorn/services'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { getMigrations } from 'better-auth/db/migration'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuth, type Auth } from './auth.ts'
import { accountMails } from './mails.ts'
import { hashSessionToken } from './storage.ts'

let database: TestDatabase
let db: Db
let runtime: Runtime
let auth: Auth
let close: () => Promise<void>

beforeAll(async () => {
  database = await testDatabase()
  ;({ db, close } = connect(database.connectionString, { poolSize: 3 }))
  runtime = createRuntime({ db, secret: 'a master key of at least thirty-two characters', captures: true })
  auth = createAuth({
    runtime,
    mails: accountMails(runtime),
    secret: 'a secret that signs cookies, of thirty-two characters',
    providers: {},
    inBackground: (work) => void work(),
    onFault: (error) => {
      throw error
    },
  })
})

afterAll(async () => {
  await runtime.close()
  await close()
  await database.drop()
})

test('the migration has every table and column that the library expects', async () => {
  const advanced = { ...auth.options.advanced, database: { generateId: 'uuid' as const } }
  const database = { db, type: 'postgres' as const, schemaName: 'auth' }
  const { toBeAdded, toBeCreated, compileMigrations } = await getMigrations({ ...auth.options, advanced, database })
  expect({ toBeAdded, toBeCreated }).toEqual({ toBeAdded: [], toBeCreated: [] })
  expect((await compileMigrations()).replaceAll(/[\s;]|create schema if not exists "auth"/g, '')).toBe('')
})

describe('the token of a session', () => {
  const stored = async () => (await sql<{ row: string }>`select t::text as row from auth.sessions t`.execute(db)).rows

  async function newSession() {
    const { internalAdapter } = await auth.$context
    const user = await db
      .insertInto('auth.users')
      .values({ name: 'Ada', email: `${crypto.randomUUID()}@example.com`, email_verified: true, image: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { internalAdapter, session: await internalAdapter.createSession(user.id) }
  }

  test('is long and random, and the table holds its hash alone', async () => {
    const { session } = await newSession()
    const { session: other } = await newSession()
    // 62 different characters: 32 of them are 190 bits.
    expect(session.token).toMatch(/^[0-9A-Za-z]{32,}$/)
    expect(other.token).not.toBe(session.token)
    const rows = JSON.stringify(await stored())
    expect(rows).not.toContain(session.token)
    expect(rows).toContain(hashSessionToken(session.token))
  })

  test('finds, changes and ends its session', async () => {
    const { internalAdapter, session } = await newSession()
    const found = await internalAdapter.findSession(session.token)
    expect(found?.session).toMatchObject({ id: session.id, token: session.token })
    await internalAdapter.updateSession(session.token, { userAgent: 'changed' })
    expect((await internalAdapter.findSession(session.token))?.session.userAgent).toBe('changed')
    await internalAdapter.deleteSession(session.token)
    expect(await internalAdapter.findSession(session.token)).toBeNull()
  })

  test('is not what the table holds: who reads it is not in', async () => {
    const { internalAdapter, session } = await newSession()
    expect(await internalAdapter.findSession(hashSessionToken(session.token))).toBeNull()
    const [listed] = await internalAdapter.listSessions(session.userId)
    expect(listed?.token).toBe('')
  })
})
