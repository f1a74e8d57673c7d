import { connect, type Db } from '@posthorn/db'
import { testDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { beginAttempt, forgetAttempts, forgiveAttempt, useOnce } from './attempts.ts'

const ALLOWANCE = { free: 3, longestWaitSeconds: 60 }

let db: Db
let connectionString: string

beforeEach(async () => {
  const database = await testDatabase()
  const connection = connect(database.connectionString, { poolSize: 5 })
  onTestFinished(async () => {
    await connection.close()
    await database.drop()
  })
  ;({ db } = connection)
  ;({ connectionString } = database)
})

const attempt = (subject = 'ada') => beginAttempt(db, subject, ALLOWANCE)

/** As if this much time had passed. */
const wait = (seconds: number) =>
  sql`update auth.attempts set last_at = last_at - make_interval(secs => ${seconds}),
    blocked_until = blocked_until - make_interval(secs => ${seconds})`.execute(db)

async function nextWait(): Promise<number> {
  for (;;) {
    const made = await attempt()
    if (!made.isAllowed) return made.waitSeconds
  }
}

/** Tries until the next wait is the longest, so that none is over by itself while a test looks. */
async function tireOut(): Promise<void> {
  while ((await nextWait()) < ALLOWANCE.longestWaitSeconds) await wait(ALLOWANCE.longestWaitSeconds)
}

test('some tries are free; then each wait is twice as long as the one before, up to the longest', async () => {
  const waits: number[] = []
  for (let round = 0; round < 9; round += 1) {
    const seconds = await nextWait()
    waits.push(seconds)
    await wait(seconds)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
})

test('who waits is let in again: nobody is ever locked out', async () => {
  for (let round = 0; round < 20; round += 1) await wait(await nextWait())
  expect(await attempt()).toEqual({ isAllowed: true })
})

test('a try during a wait counts for nothing, so nobody can draw a wait out', async () => {
  await tireOut()
  for (let more = 0; more < 50; more += 1) expect(await attempt()).toMatchObject({ isAllowed: false })
  await wait(ALLOWANCE.longestWaitSeconds)
  expect(await attempt()).toEqual({ isAllowed: true })
})

test('many at once are as many tries, from whichever process they come', async () => {
  await tireOut()
  await wait(ALLOWANCE.longestWaitSeconds)
  const other = connect(connectionString, { poolSize: 5 })
  onTestFinished(other.close)
  const made = await Promise.all(
    Array.from({ length: 100 }, (_, index) => beginAttempt(index % 2 === 0 ? db : other.db, 'ada', ALLOWANCE)),
  )
  expect(made.filter(({ isAllowed }) => isAllowed)).toHaveLength(1)
})

test('one subject’s tries are no other’s', async () => {
  await nextWait()
  expect(await attempt('grace')).toEqual({ isAllowed: true })
})

test('the right person’s tries are forgiven, one or all', async () => {
  await nextWait()
  await forgiveAttempt(db, 'ada')
  expect(await attempt()).toEqual({ isAllowed: true })
  await forgetAttempts(db, 'ada')
  for (let free = 0; free < ALLOWANCE.free; free += 1) expect(await attempt()).toEqual({ isAllowed: true })
  expect(await attempt()).toMatchObject({ isAllowed: false })
})

test('tries are forgotten after an hour without any', async () => {
  await nextWait()
  await wait(3601)
  for (let free = 0; free < ALLOWANCE.free; free += 1) expect(await attempt()).toEqual({ isAllowed: true })
})

test('what was tried cannot be read in the table', async () => {
  await attempt('sign-in of ada@example.com')
  const { rows } = await sql<{ row: string }>`select t::text as row from auth.attempts t`.execute(db)
  expect(rows[0]?.row).not.toContain('ada')
})

test('what can be used once is used once, however many come at the same time, and again after a while', async () => {
  const use = () => useOnce(db, 'code 123456 of ada', 60)
  expect((await Promise.all([use(), use(), use(), use()])).filter(Boolean)).toHaveLength(1)
  expect(await use()).toBe(false)
  await wait(60)
  expect(await use()).toBe(true)
})
