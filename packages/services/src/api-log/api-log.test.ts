import { connect } from '@posthorn/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'
import { forgetRequests } from './forget.ts'
import { openApiLog, type LoggedRequest } from './write.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const request = (change: Partial<LoggedRequest> = {}): LoggedRequest => ({
  projectId: project.id,
  id: newId(),
  requestId: undefined,
  keyId: undefined,
  userId: undefined,
  method: 'POST',
  operation: 'emails.send',
  status: 200,
  code: undefined,
  durationMs: 1.5,
  ip: '203.0.113.7',
  ...change,
})

const quiet = { onFault: () => {}, onDrop: () => {} }

async function written(...requests: LoggedRequest[]): Promise<void> {
  const log = openApiLog({ db: instance.db, ...quiet })
  for (const one of requests) log.note(one)
  await log.close()
}

const listed = async (filter: object = {}) => (await project.call(['requests', 'list'], filter)).data

describe('a request', () => {
  test('is listed with what is known of it, newest first', async () => {
    const keyId = newId()
    const first = request({ keyId, requestId: 'mine:1' })
    const second = request({
      status: 404,
      code: 'EMAIL_NOT_FOUND',
      operation: 'emails.get',
      method: 'GET',
      ip: undefined,
    })
    await written(first, second)
    expect(await listed()).toEqual([
      expect.objectContaining({ id: second.id, status: 404, code: 'EMAIL_NOT_FOUND', keyId: null, ip: null }),
      {
        id: 'mine:1',
        at: expect.any(String),
        keyId,
        userId: null,
        method: 'POST',
        operation: 'emails.send',
        status: 200,
        code: null,
        durationMs: 1.5,
        ip: '203.0.113.7',
      },
    ])
  })

  test('is found by the id that its answer had', async () => {
    const brought = newId()
    const plain = request()
    await written(
      plain,
      request({ requestId: brought }),
      request({ requestId: 'mine:1', status: 500 }),
      request({ requestId: 'mine:1' }),
    )
    const get = (requestId: string) => project.call(['requests', 'get'], { requestId })
    expect((await get(plain.id)).id).toBe(plain.id)
    expect((await get(brought)).id).toBe(brought)
    expect(await get('mine:1')).toMatchObject({ id: 'mine:1', status: 200 })
    expect(await listed({ requestId: 'mine:1' })).toMatchObject([{ status: 200 }, { status: 500 }])
    expect(await listed({ requestId: brought })).toHaveLength(1)
    await expect(get(newId())).rejects.toMatchObject({ code: 'REQUEST_NOT_FOUND' })
    const other = await instance.project('Other')
    for (const requestId of [plain.id, brought, 'mine:1']) {
      await expect(other.call(['requests', 'get'], { requestId })).rejects.toMatchObject({ code: 'REQUEST_NOT_FOUND' })
    }
    expect((await other.call(['requests', 'list'], {})).data).toEqual([])
  })

  test('that brought an id along is not found by the id of its row, which nobody was told', async () => {
    const one = request({ requestId: 'mine:1' })
    await written(one)
    expect(await listed({ requestId: one.id })).toEqual([])
  })
})

test('the list can be narrowed to a key, to callers of a kind, an operation, a status, a code and a time', async () => {
  const keyId = newId()
  await written(
    request({ keyId, operation: 'emails.list' }),
    request({ status: 422, code: 'VALIDATION_ERROR', userId: newId() }),
    request({ status: 503, code: 'SERVICE_UNAVAILABLE', id: '0196b0a0-0000-7000-8000-000000000001' }),
  )
  const statuses = async (filter: object) => (await listed(filter)).map(({ status }) => status)
  expect(await statuses({ keyId })).toEqual([200])
  expect(await statuses({ caller: 'key' })).toEqual([200])
  expect(await statuses({ caller: 'person' })).toEqual([422])
  expect(await statuses({ operation: 'emails.list' })).toEqual([200])
  expect(await statuses({ operation: 'emails.send' })).toEqual([422, 503])
  expect(await statuses({ statusClass: '2xx' })).toEqual([200])
  expect(await statuses({ statusClass: '4xx' })).toEqual([422])
  expect(await statuses({ statusClass: '5xx' })).toEqual([503])
  expect(await statuses({ code: 'VALIDATION_ERROR' })).toEqual([422])
  expect(await statuses({ code: 'VALIDATION_ERROR', statusClass: '2xx' })).toEqual([])
  expect(await statuses({ since: '2026-06-01T00:00:00Z' })).toEqual([422, 200])
})

describe('the log', () => {
  test('is written by and by, behind the requests', async () => {
    const log = openApiLog({ db: instance.db, ...quiet, flushMs: 1 })
    onTestFinished(() => log.close())
    for (let index = 0; index < 2_500; index += 1) log.note(request())
    await expect
      .poll(async () => {
        const { rows } = await sql`select from api_requests where project_id = ${project.id}`.execute(instance.db)
        return rows.length
      })
      .toBe(2_500)
  })

  test('keeps so many while the database is away, counts those that it lost, and goes on when it is back', async () => {
    const away = connect('postgres://nobody:x@127.0.0.1:1/none')
    const drops: number[] = []
    const faults: unknown[] = []
    let { db } = away
    const log = openApiLog({
      // The same log, whose database comes back.
      db: new Proxy(db, {
        get(_, name) {
          const value: unknown = Reflect.get(db, name)
          return typeof value === 'function' ? value.bind(db) : value
        },
      }),
      onFault: (error) => faults.push(error),
      onDrop: (count) => drops.push(count),
      flushMs: 1,
      mostKept: 10,
    })
    for (let index = 0; index < 15; index += 1) log.note(request())
    await expect.poll(() => faults.length).toBeGreaterThan(0)
    db = instance.db
    await log.close()
    expect(drops).toEqual([5])
    expect(await listed()).toHaveLength(10)
    await away.close()
  })

  test('goes without a batch that the database refuses, and on with the next', async () => {
    const drops: number[] = []
    const log = openApiLog({ db: instance.db, onFault: () => {}, onDrop: (count) => drops.push(count) })
    for (let index = 0; index < 1_000; index += 1) log.note(request({ operation: '\0' }))
    log.note(request())
    await log.close()
    expect(await listed()).toHaveLength(1)
    expect(drops).toEqual([1_000])
  })

  test('that cannot be written when it is closed says how much is lost, and does not wait for ever', async () => {
    const away = connect('postgres://nobody:x@127.0.0.1:1/none')
    const drops: number[] = []
    const log = openApiLog({ db: away.db, onFault: () => {}, onDrop: (count) => drops.push(count) })
    log.note(request())
    await log.close()
    expect(drops).toEqual([1])
    await away.close()
  })

  test('is kept for so many days, in every project', async () => {
    const other = await instance.project('Other')
    for (const { id } of [project, other]) {
      await sql`
        insert into api_requests (project_id, id, at, method, operation, status, duration_ms)
        select ${id}, uuidv7(make_interval(days => -day, hours => 1)), now(), 'GET', 'emails.list', 200, 1
        from generate_series(0, 9) day, generate_series(1, 700)
      `.execute(instance.db)
    }
    expect(await forgetRequests(instance.db, 3)).toBeGreaterThanOrEqual(2 * 6 * 700)
    const { rows } = await sql`select from api_requests where project_id = ${other.id}`.execute(instance.db)
    expect(rows).toHaveLength(4 * 700)
    expect(await forgetRequests(instance.db, 3)).toBe(0)
  })
})
