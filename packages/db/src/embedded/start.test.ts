import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { endStarter, query, useHarness } from '../../test/harness.ts'
import { findPostmaster } from './postmaster.ts'

const harness = useHarness()

test('a first start makes a database, and a second one finds its data and its port again', async () => {
  const dataDir = harness.newDataDir()
  const first = await harness.start(dataDir)
  await query(first.connectionString, 'create table kept as select 1 as value')
  await first.stop()
  expect(await findPostmaster(first.clusterDir)).toBeUndefined()

  const second = await harness.start(dataDir)
  expect(second.connectionString).toBe(first.connectionString)
  expect(await query(second.connectionString, 'select value from kept')).toEqual([{ value: 1 }])
})

test('the database is safe against a crash, sorts and lower-cases Unicode alike everywhere, and logs no values', async () => {
  const { connectionString, dataDir } = await harness.start(await harness.usedDataDir())
  const settings = `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
    current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding, lower('ÄÉ') as lower`
  expect(await query(connectionString, settings)).toEqual([
    { fsync: 'on', pages: 'on', checksums: 'on', encoding: 'UTF8', lower: 'äé' },
  ])
  await query(connectionString, `create table addresses (address text unique)`)
  await query(connectionString, `insert into addresses values ('someone@example.com')`)
  await expect(query(connectionString, `insert into addresses values ('someone@example.com')`)).rejects.toThrow()
  const log = await readFile(join(dataDir, 'postgres.log'), 'utf8')
  expect(log).toContain('duplicate key value')
  expect(log).not.toContain('someone')
})

test('only the owner can read the password, and without it nobody gets in', async () => {
  const { connectionString, dataDir } = await harness.start(await harness.usedDataDir())
  expect((await stat(join(dataDir, 'postgres.json'))).mode & 0o777).toBe(0o600)
  const url = new URL(connectionString)
  url.password = 'wrong'
  await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  url.username = 'postgres'
  await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
})

test('a second process joins the server, and whoever stops last ends it', async () => {
  const dataDir = await harness.usedDataDir()
  const { child, answer } = await harness.startProcess(dataDir)
  const joined = await harness.start(dataDir)
  expect(answer.started).toBe(true)
  expect(joined).toMatchObject({ started: false, connectionString: answer.connectionString })

  await endStarter(child)
  expect(await query(joined.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])

  await joined.stop()
  expect(await findPostmaster(joined.clusterDir)).toBeUndefined()
})

test('of two processes that start at once in an empty folder, one starts the server and both get in', async () => {
  const dataDir = harness.newDataDir()
  const [one, other] = await Promise.all([harness.startProcess(dataDir), harness.startProcess(dataDir)])
  expect(one.answer.started).not.toBe(other.answer.started)
  expect(one.answer.connectionString).toBe(other.answer.connectionString)
  expect(await query(one.answer.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
})
