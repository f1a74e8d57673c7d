import { connect, transact, type Connection, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
let connection: Connection
let db: Db
beforeAll(async () => {
  database = await testDatabase()
  connection = connect(database.connectionString)
  db = connection.db
  await sql`create table places (name text primary key, visits int not null default 0)`.execute(db)
  await sql`insert into places values ('here'), ('there')`.execute(db)
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

const visit = (trx: Db, name: string) => sql`update places set visits = visits + 1 where name = ${name}`.execute(trx)

test('of two transactions that wait for each other both are done, each once', async () => {
  let begun = 0
  const bothHaveBegun = Promise.withResolvers<void>()
  let times = 0
  const travel = (from: string, to: string) =>
    transact(db, async (trx) => {
      times += 1
      await visit(trx, from)
      if ((begun += 1) === 2) bothHaveBegun.resolve()
      await bothHaveBegun.promise
      await visit(trx, to)
      return to
    })
  expect(await Promise.all([travel('here', 'there'), travel('there', 'here')])).toEqual(['there', 'here'])
  expect(times).toBe(3)
  const { rows } = await sql<{ visits: number }>`select visits from places`.execute(db)
  expect(rows).toEqual([{ visits: 2 }, { visits: 2 }])
})

const failing = (code: string) => {
  let times = 0
  const outcome = transact(db, async (trx) => {
    times += 1
    await sql`do ${sql.raw(`$$ begin raise exception 'no' using errcode = '${code}'; end $$`)}`.execute(trx)
  })
  return outcome.catch((error: { code: string }) => ({ code: error.code, times }))
}

test('what never gets through ends after some tries, and any other fault at once', async () => {
  expect(await failing('40P01')).toEqual({ code: '40P01', times: 5 })
  expect(await failing('40001')).toEqual({ code: '40001', times: 5 })
  expect(await failing('23505')).toEqual({ code: '23505', times: 1 })
})
