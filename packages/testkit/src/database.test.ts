import pg from 'pg'
import { expect, test } from 'vitest'
import { testDatabase } from './database.ts'

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(connectionString)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('a test database has the tables of the product, and none of what another test wrote', async () => {
  await using one = await testDatabase()
  await using other = await testDatabase()
  await query(one.connectionString, 'create table mine (id int)')

  const tables = `select table_name as name from information_schema.tables where table_schema = 'public'`
  const names = await query(other.connectionString, tables)
  expect(names).toContainEqual({ name: 'kysely_migration' })
  expect(names).not.toContainEqual({ name: 'mine' })
})

test('a test works as a role that is no superuser, as the product does', async () => {
  await using database = await testDatabase()
  const rows = await query(database.connectionString, 'select rolsuper from pg_roles where rolname = current_user')
  expect(rows).toEqual([{ rolsuper: false }])
})

test('dropping a test database ends the connections that a test forgot', async () => {
  const database = await testDatabase()
  const forgotten = new pg.Client(database.connectionString)
  const ended = new Promise((resolve) => forgotten.on('error', resolve))
  await forgotten.connect()

  await database.drop()

  expect(await ended).toMatchObject({ code: '57P01' })
  await expect(query(database.connectionString, 'select 1')).rejects.toThrow(/does not exist/)
})

test('twenty databases are made at once', async () => {
  const databases = await Promise.all(Array.from({ length: 20 }, testDatabase))
  expect(new Set(databases.map((database) => database.connectionString)).size).toBe(20)
  await Promise.all(databases.map((database) => database.drop()))
})
