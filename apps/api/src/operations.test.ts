import { GRANTABLE_SCOPES, operationList, SCOPES, type NamedOperation } from '@posthorn/contracts'
import { invoke, newId, systemActor } from '@posthorn/services'
import { makeKey } from '@posthorn/services/keys/format'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inputOf } from '../test/inputs.ts'
import { missingRows, seedProject, snapshot, type Rows, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { isOffered, transports, type Outcome, type Transport } from '../test/transports.ts'

let api: TestApi
let mine: SeededProject
let theirs: SeededProject
/** Has had no call yet. */
let untouched: SeededProject
let deadKeys: Record<string, string>

beforeAll(async () => {
  api = await startTestApi()
  mine = await seedProject(api)
  theirs = await seedProject(api)
  untouched = await seedProject(api)
  deadKeys = await makeDeadKeys()
})

afterAll(() => api.stop())

async function makeDeadKeys(): Promise<Record<string, string>> {
  const { projectId } = mine.rows
  const scopes = [...SCOPES]
  const revoked = await api.newKey(projectId, { scopes })
  const operator = { db: api.db, runtime: api.runtime, actor: systemActor(projectId), requestId: newId() }
  await invoke(operator, ['keys', 'revoke'], { id: revoked.id })
  const expired = await api.newKey(projectId, { scopes })
  await sql`update api_keys set expires_at = now() - interval '1 second' where id = ${expired.id}`.execute(api.db)
  const unknown = makeKey('secret')
  const mistyped = `${unknown.slice(0, -1)}${unknown.endsWith('0') ? '1' : '0'}`
  return {
    malformed: 'sk_ph_tooshort',
    foreign: 'Zm9vYmFy',
    mistyped,
    unknown,
    revoked: revoked.key,
    expired: expired.key,
  }
}

/** What differs between two answers that say the same. */
const blank = ({ text }: Outcome) => text.replaceAll(/"(timestamp|jobId)":"[^"]*"/g, '"$1":""')

/** Which fields of an operation hold an id, found by trying. */
function idFields({ input }: NamedOperation): string[] {
  const takes = (field: string, value: unknown) => {
    const parsed = input.safeDecode({ [field]: value })
    return parsed.success || !parsed.error.issues.some((issue) => issue.path[0] === field)
  }
  return Object.keys(input.shape).filter(
    (field) => (takes(field, newId()) && !takes(field, 'word')) || (takes(field, [newId()]) && !takes(field, ['word'])),
  )
}

const all = operationList.map((operation) => ({ name: operation.name, operation }))

test.each(all)('the inputs for $name have every id that it takes', ({ operation }) => {
  expect(Object.keys(inputOf(operation, mine.rows))).toEqual(expect.arrayContaining(idFields(operation)))
})

test('the id fields of an operation are found', () => {
  const found = Object.fromEntries(operationList.map((operation) => [operation.name, idFields(operation)]))
  expect(found).toMatchObject({ 'emails.get': ['id'], 'events.list': ['contactId'], 'inbox.list': ['emailId'] })
  expect(found['contacts.list']).toEqual([])
})

describe.each(Object.entries(transports))('over %s', (_, transport: Transport) => {
  const operations = all.filter(({ operation }) => isOffered(transport, operation))

  const doneBy = ({ rest }: NamedOperation) => (transport === transports['rest'] ? (rest.status ?? 200) : 200)

  const send = (
    operation: NamedOperation,
    { rows = mine.rows, ...options }: { key?: string; query?: string; rows?: Rows },
  ) =>
    transport(api.url, {
      operation,
      ...options,
      input: inputOf(operation, rows),
      headers: { 'X-Request-ID': 'the-same-one' },
    })

  /** Makes calls that must be refused, and leave no trace. */
  async function refused<Calls extends Parameters<typeof send>[1][]>(operation: NamedOperation, ...calls: Calls) {
    const before = await snapshot(api, mine.rows.projectId)
    const outcomes = await Promise.all(calls.map((options) => send(operation, options)))
    expect(await snapshot(api, mine.rows.projectId)).toEqual(before)
    return outcomes as { [Call in keyof Calls]: Outcome }
  }

  test.each(operations)('$name without a key is refused', async ({ operation }) => {
    const [outcome] = await refused(operation, {})
    expect(outcome).toMatchObject({ status: 401, code: 'MISSING_AUTH' })
    expect(outcome.headers.get('www-authenticate')).toMatch(/^Bearer /)
  })

  test.each(operations)(
    '$name refuses wrong, unknown, revoked and expired keys with one answer',
    async ({ operation }) => {
      const outcomes = await refused(operation, ...Object.values(deadKeys).map((key) => ({ key })))
      expect(outcomes).toHaveLength(6)
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 401, code: 'INVALID_API_KEY' })
        expect(outcome.headers.get('www-authenticate')).toMatch(/^Bearer /)
      }
      expect(new Set(outcomes.map(blank)).size).toBe(1)
    },
  )

  test.each(operations)(
    '$name says which kind of key it needs to an unknown one of either kind',
    async ({ operation }) => {
      const [ofSecret, ofPublic] = await refused(operation, { key: makeKey('secret') }, { key: makeKey('public') })
      for (const outcome of [ofSecret, ofPublic])
        expect(outcome).toMatchObject({ status: 401, code: 'INVALID_API_KEY' })
      expect(ofSecret.message).toMatch(/secret key \(sk_/)
      expect(ofPublic.message).toMatch(
        isPublic({ operation }) ? /not a valid public key \(pk_/ : /needs a secret key \(sk_/,
      )
    },
  )

  const isPublic = ({ operation }: { operation: NamedOperation }) => GRANTABLE_SCOPES.public.includes(operation.scope)

  test.each(operations.filter(isPublic))('$name takes a public key', async ({ operation }) => {
    const outcome = await send(operation, { key: theirs.publicKey, rows: theirs.rows })
    expect(outcome).toMatchObject({ status: doneBy(operation), code: undefined })
  })

  test.each(operations.filter((one) => !isPublic(one)))(
    '$name refuses a public key, and says which kind it needs',
    async ({ operation }) => {
      const [outcome] = await refused(operation, { key: mine.publicKey })
      expect(outcome).toMatchObject({ status: 401, code: 'INVALID_API_KEY' })
      expect(outcome.message).toMatch(/needs a secret key \(sk_/)
    },
  )

  test.each(operations)(
    '$name refuses a key that lacks its scope alone, and names the scope',
    async ({ operation }) => {
      const scopes = SCOPES.filter((scope) => scope !== operation.scope)
      const { key } = await api.newKey(mine.rows.projectId, { scopes })
      const [outcome] = await refused(operation, { key })
      expect(outcome).toMatchObject({ status: 403, code: 'INSUFFICIENT_SCOPE' })
      expect(outcome.message).toContain(operation.scope)
    },
  )

  test.each(operations.filter(({ operation }) => idFields(operation).length > 0))(
    '$name answers to the ids of another project as to ids that nobody has',
    async ({ operation }) => {
      const before = await snapshot(api, theirs.rows.projectId)
      const foreign = await send(operation, { key: mine.fullKey, rows: theirs.rows })
      const missing = await send(operation, { key: mine.fullKey, rows: missingRows() })
      expect(blank(foreign)).toBe(blank(missing))
      expect(foreign.status).toBe(missing.status)
      expect([...foreign.headers].filter(([name]) => name !== 'date')).toEqual(
        [...missing.headers].filter(([name]) => name !== 'date'),
      )
      expect(await snapshot(api, theirs.rows.projectId)).toEqual(before)
    },
  )

  test.each(operations)('$name does what it promises, and shows nothing of another project', async ({ operation }) => {
    const own = untouched
    // Made last, so that its rows would come first in any list that leaks them; it is the next one’s own.
    const stranger = await seedProject(api)
    untouched = stranger
    const before = await snapshot(api, stranger.rows.projectId)
    const outcome = await send(operation, { key: own.fullKey, rows: own.rows })
    expect(outcome).toMatchObject({
      code: undefined,
      status: doneBy(operation),
    })

    // Exactly what was promised: nothing is missing, and nothing is there that nobody promised.
    const outputs = operation.answers === undefined ? [outcome.output] : (outcome.output as unknown[])
    for (const output of outputs) {
      const decoded = operation.output.decode(output as never)
      expect(operation.output.encode(decoded as never)).toEqual(output)
    }
    expect(outputs).not.toEqual([])

    const secrets = [...Object.values(stranger.rows), stranger.fullKey, stranger.publicKey, stranger.address]
    expect(secrets.filter((secret) => outcome.text.includes(secret))).toEqual([])
    expect(await snapshot(api, stranger.rows.projectId)).toEqual(before)
  })

  test.each(operations)('$name refuses a key in its address, and says where it belongs', async ({ operation }) => {
    const queries = [`apiKey=${mine.fullKey}`, `whatever=${mine.fullKey}`, `access_token=${mine.publicKey}`]
    for (const outcome of await refused(operation, ...queries.map((query) => ({ key: mine.fullKey, query })))) {
      expect(outcome).toMatchObject({ status: 401, code: 'MISSING_AUTH' })
      expect(outcome.suggestion).toMatch(/Authorization: Bearer/)
      expect(outcome.text).not.toContain(mine.fullKey)
    }
  })
})
