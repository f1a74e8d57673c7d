import { randomBytes } from 'node:crypto'
import { connect, migrate, migrateToLatest, pendingMigrations } from '@posthorn/db'
import { migrations } from '@posthorn/db/migrations/index'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TEST_POSTGRES, testDatabase, type TestDatabase } from './database.ts'

const ALL = Object.keys(migrations)

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(() => database.drop())

async function query<Row>(connectionString: string, text: string): Promise<Row[]> {
  const client = new pg.Client(connectionString)
  await client.connect()
  try {
    return (await client.query(text)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** An empty database, as an operator makes one. */
async function emptyDatabase(): Promise<TestDatabase> {
  const server = process.env[TEST_POSTGRES] as string
  const name = `empty_${randomBytes(8).toString('hex')}`
  await query(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = name
  const drop = async () => void (await query(server, `drop database if exists ${name} with (force)`))
  return { connectionString: url.href, drop, [Symbol.asyncDispose]: drop }
}

/** Tables that belong to the instance and not to one project. Few, and each with a reason to be. */
const GLOBAL = ['projects', 'api_keys', 'relay_pauses', 'instance_setup', 'kysely_migration', 'kysely_migration_lock']
/** Indexes that serve the instance as a whole, such as sweeping by age. */
const GLOBAL_INDEXES = new Set(['idempotency_keys_by_age', 'members_of_user', 'invitations_by_token'])
/** References to tables that every machine would have whole. */
const GLOBAL_REFERENCES = new Set(['members_user_id_fkey', 'invitations_invited_by_fkey'])

interface Rule {
  table: string
  name: string
  kind: string
  columns: string[]
}

const RULES = `
  select c.relname as table, con.conname as name, con.contype::text as kind,
    array(select attname::text from unnest(con.conkey) with ordinality k (attnum, place)
      join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.attnum order by place) as columns
  from pg_constraint con join pg_class c on c.oid = con.conrelid
  where c.relnamespace = 'public'::regnamespace and con.contype in ('p', 'u', 'f')
  union all
  select c.relname, i.relname, case when indisunique then 'unique index' else 'index' end,
    array(select pg_get_indexdef(indexrelid, place, true) from generate_series(1, indnkeyatts) place)
  from pg_index join pg_class c on c.oid = indrelid join pg_class i on i.oid = indexrelid
  where c.relnamespace = 'public'::regnamespace`

const TABLES = `select relname as table from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`

/** What would let the rows of two projects touch, or keep the tables from being spread over machines by project. */
async function breaches(connectionString: string): Promise<string[]> {
  const rules = await query<Rule>(connectionString, RULES)
  const tables = (await query<{ table: string }>(connectionString, TABLES)).map(({ table }) => table)
  const tenants = tables.filter((table) => !GLOBAL.includes(table))
  const keyless = tenants.filter((table) => !rules.some((rule) => rule.table === table && rule.kind === 'p'))
  const wrong = rules.filter(
    ({ table, name, columns }) =>
      tenants.includes(table) &&
      columns[0] !== 'project_id' &&
      !GLOBAL_INDEXES.has(name) &&
      !GLOBAL_REFERENCES.has(name),
  )
  return [...keyless.map((table) => `${table} has no primary key`), ...wrong.map(({ name }) => name)].sort()
}

describe('the rows of a project keep to themselves', () => {
  test('every key, unique constraint, reference and index of a tenant table begins with the project', async () => {
    expect(await breaches(database.connectionString)).toEqual([])
  })

  test('and a table that breaks this is found', async () => {
    await using broken = await testDatabase()
    await query(
      broken.connectionString,
      `create table keyless (project_id uuid);
       create table by_id (id uuid primary key, project_id uuid);
       create table mixed (project_id uuid, id uuid, email text unique, contact_id uuid references by_id (id),
         primary key (project_id, id));
       create table backwards (id uuid, project_id uuid, primary key (id, project_id));
       create unique index expressed on mixed (lower(email), project_id);
       create index plain on mixed (email)`,
    )
    expect(await breaches(broken.connectionString)).toEqual([
      'backwards_pkey',
      'backwards_pkey',
      'by_id_pkey',
      'by_id_pkey',
      'expressed',
      'keyless has no primary key',
      'mixed_contact_id_fkey',
      'mixed_email_key',
      'mixed_email_key',
      'plain',
    ])
  })

  test('every tenant table says whose each row is', async () => {
    const rows = await query<{ table: string }>(
      database.connectionString,
      `select table_name as table from information_schema.columns
       where table_schema = 'public' and column_name = 'project_id' and is_nullable = 'NO' and data_type = 'uuid'`,
    )
    const tables = (await query<{ table: string }>(database.connectionString, TABLES)).map(({ table }) => table)
    const owned = new Set(rows.map(({ table }) => table))
    expect(tables.filter((table) => !owned.has(table) && !GLOBAL.includes(table))).toEqual([])
  })

  test('the global tables that are named are there, and no key of a project outlives it', async () => {
    const tables = (await query<{ table: string }>(database.connectionString, TABLES)).map(({ table }) => table)
    expect(tables).toEqual(expect.arrayContaining(GLOBAL))
    await using copy = await testDatabase()
    const id = '00000000-0000-7000-8000-000000000001'
    await query(
      copy.connectionString,
      `insert into projects (id, name, default_sender_email) values ('${id}', 'x', 'x@example.com');
       insert into api_keys (id, project_id, kind, name, hash, hint, public_key)
         values ('${id}', '${id}', 'public', 'x', 'x', 'x', 'x');
       insert into domains (project_id, domain) values ('${id}', 'example.com');
       delete from projects`,
    )
    expect(await query(copy.connectionString, 'select from api_keys union all select from domains')).toEqual([])
  })
})

/** Everything that a migration can make, in words. */
const SHAPE = `
  select 'column' as kind, table_name || '.' || column_name as name,
    concat_ws(' ', data_type, udt_name, is_nullable, column_default) as definition
  from information_schema.columns where table_schema = 'public'
  union all select 'constraint', conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'public'::regnamespace
  union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
  union all select 'trigger', tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid)
  from pg_trigger where not tgisinternal
  union all select 'function', oid::regprocedure::text, pg_get_functiondef(oid)
  from pg_proc where pronamespace = 'public'::regnamespace
  union all select 'options', relname, concat_ws(' ', array_to_string(reloptions, ' '))
  from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
  union all select 'storage', attrelid::regclass || '.' || attname, attstorage::text
  from pg_attribute where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
    and attnum > 0 and not attisdropped
  order by 1, 2, 3`

describe('migrating', () => {
  test('an empty database makes the tables that the tests run on', async () => {
    await using empty = await emptyDatabase()
    await migrateToLatest(empty.connectionString)
    const shape = await query(empty.connectionString, SHAPE)
    expect(shape.length).toBeGreaterThan(100)
    expect(shape).toEqual(await query(database.connectionString, SHAPE))
  })

  test('a second time does nothing', async () => {
    await using empty = await emptyDatabase()
    const { db, close } = connect(empty.connectionString, { poolSize: 1 })
    const pending = await pendingMigrations(db)
    expect(pending).toEqual(ALL)
    expect(await migrate(db)).toEqual(pending)
    const shape = await query(empty.connectionString, SHAPE)
    expect(await pendingMigrations(db)).toEqual([])
    expect(await migrate(db)).toEqual([])
    expect(await query(empty.connectionString, SHAPE)).toEqual(shape)
    await close()
  })

  test('from several processes at once runs each migration once', async () => {
    await using empty = await emptyDatabase()
    const connections = Array.from({ length: 4 }, () => connect(empty.connectionString, { poolSize: 1 }))
    const ran = await Promise.all(connections.map(({ db }) => migrate(db)))
    expect(ran.flat()).toEqual(ALL)
    await Promise.all(connections.map(({ close }) => close()))
  })

  test('that fails leaves nothing behind, and can be done again', async () => {
    await using empty = await emptyDatabase()
    await query(empty.connectionString, 'create table outbox (in_the_way int)')
    const { db, close } = connect(empty.connectionString, { poolSize: 1 })
    await expect(migrate(db)).rejects.toThrow(/"outbox" already exists/)
    const left = await query<{ table: string }>(empty.connectionString, TABLES)
    expect(left.map(({ table }) => table).filter((table) => !table.startsWith('kysely'))).toEqual(['outbox'])
    await query(empty.connectionString, 'drop table outbox')
    expect(await migrate(db)).toEqual(ALL)
    await close()
  })
})

describe('merging data', () => {
  test.each([
    ['{}', '{"a":1}', '{"a":1}'],
    ['{"a":1,"b":2}', '{"b":3}', '{"a":1,"b":3}'],
    ['{"a":1}', '{"a":null}', '{}'],
    ['{"a":1}', '{"b":null}', '{"a":1}'],
    ['{"a":{"x":1,"y":2}}', '{"a":{"x":null}}', '{"a":{"x":null}}'],
    ['{"a":[1,2]}', '{"a":[null]}', '{"a":[null]}'],
    ['{"a":1}', '{}', '{"a":1}'],
    ['{}', '{"a":null}', '{}'],
    ['{"a":"null"}', '{"b":"null"}', '{"a":"null","b":"null"}'],
    ['{"a":1}', '{"a":false,"b":0,"c":""}', '{"a":false,"b":0,"c":""}'],
  ])('%s with %s is %s', async (old, patch, merged) => {
    const [row] = await query<{ merged: unknown }>(
      database.connectionString,
      `select merge_data('${old}', '${patch}') as merged`,
    )
    expect(row?.merged).toEqual(JSON.parse(merged))
  })
})
