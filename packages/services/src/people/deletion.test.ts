import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { testMember } from '../../test/people.ts'
import { deleteProject, resumeDeletions, tenantTables } from './deletion.ts'

let instance: TestInstance
let project: TestProject
let other: TestProject

beforeEach(async () => {
  instance = await testInstance()
  project = await instance.project('Doomed')
  other = await instance.project('Other')
  for (const { call } of [project, other]) {
    await call(['emails', 'send'], {
      to: ['ada@example.com', 'grace@example.com'],
      subject: 'Hello',
      text: 'Hello',
      attachments: [{ filename: 'a.txt', content: 'aGk=' }],
    })
    await call(['events', 'track'], { event: 'signed-up', email: 'ada@example.com' })
  }
})

afterEach(() => instance.close())

const FOR_LONG = ['audit_log', 'deleted_projects']
const KEPT = [...FOR_LONG, 'project_deletions']
/** Of objects that the bucket still has. */
const IN_BUCKET = ['image_removals']

/** How many rows each project has in each table. */
async function rowsOf(projectId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of [...(await tenantTables(instance.db)), ...KEPT]) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} where project_id = ${projectId}
    `.execute(instance.db)
    if (rows[0]!.count > 0) counts[table] = rows[0]!.count
  }
  return counts
}

async function end() {
  const owner = await testMember(instance, project.id, 'owner')
  await owner.call(['projects', 'delete'], { confirm: 'Doomed' }, project.id)
  const progress = async () => (await owner.call(['projects', 'list'], {})).data[0]?.deletion
  return { progress }
}

const run = (statement: string) => sql.raw(statement).execute(instance.db)
const never = new AbortController().signal
const erase = (options: object = {}) =>
  deleteProject(instance.db, project.id, { signal: never, afterglowSeconds: 0, ...options })
const exists = async () =>
  (await instance.db.selectFrom('projects').select('id').where('id', '=', project.id).execute()).length > 0

test('every table that says whose a row is belongs to what is deleted, but for the audit log and the progress', async () => {
  const { rows } = await sql<{ name: string }>`
    select distinct table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'project_id' order by 1
  `.execute(instance.db)
  const tables = await tenantTables(instance.db)
  expect([...tables, ...KEPT, ...IN_BUCKET].toSorted()).toEqual(rows.map(({ name }) => name))
  expect(tables[0]).toBe('outbox')
})

test('nothing of the project is left but its audit log, and nothing of another is touched', async () => {
  const before = await rowsOf(other.id)
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining([
      'outbox',
      'emails',
      'email_contents',
      'email_attachments',
      'contacts',
      'events',
      'api_keys',
    ]),
  )
  await end()
  await erase()
  expect(Object.keys(await rowsOf(project.id))).toEqual(FOR_LONG)
  expect(await exists()).toBe(false)
  expect(await rowsOf(other.id)).toEqual(before)
})

test('it goes in batches of bounded size, and each tells how far it is', async () => {
  for (let count = 0; count < 7; count += 1) {
    await project.call(['contacts', 'upsert'], { email: `c${count}@example.com` })
  }
  await end()
  await run('create table batches (size int, done int)')
  await run(`create function note_batch() returns trigger language plpgsql as $$ begin
    insert into batches select (select count(*) from gone), (select done_rows from project_deletions);
    return null;
  end $$`)
  await run(`create trigger note_batch after delete on contacts referencing old table as gone
    for each statement execute function note_batch()`)
  await erase({ batchRows: 2 })
  const { rows } = await sql<{ size: number; done: number }>`select * from batches`.execute(instance.db)
  expect(rows.map(({ size }) => size)).toEqual([2, 2, 2, 2, 1, 0])
  const first = rows[0]!.done
  expect(rows.map(({ done }) => done - first)).toEqual([0, 2, 4, 6, 8, 9])
})

test('what is killed in the middle has lost nothing, and ends the same when it is begun again', async () => {
  const { progress } = await end()
  const { totalRows } = (await progress())!
  await run("create function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$")
  await run('create trigger die after delete on emails for each statement execute function die()')
  await expect(erase({ batchRows: 1 })).rejects.toThrow('killed')
  const { audit_log, deleted_projects, project_deletions: _, ...left } = await rowsOf(project.id)
  expect(left['emails']).toBe(2)
  expect(await progress()).toEqual({ doneRows: totalRows - Object.values(left).reduce((a, b) => a + b), totalRows })
  await run('drop trigger die on emails')
  await Promise.all([erase(), erase()])
  expect(await rowsOf(project.id)).toEqual({ audit_log, deleted_projects })
  expect(await exists()).toBe(false)
})

test('it stops between two batches when it is told to', async () => {
  await end()
  const stopping = AbortSignal.abort(new Error('stop'))
  await expect(erase({ signal: stopping })).rejects.toThrow('stop')
  expect(await exists()).toBe(true)
  const waiting = new AbortController()
  const erasing = erase({ signal: waiting.signal, afterglowSeconds: 3600 })
  await vi.waitFor(async () => expect(Object.keys(await rowsOf(project.id))).toEqual(KEPT))
  waiting.abort(new Error('stop'))
  await expect(erasing).rejects.toThrow()
  expect(await exists()).toBe(true)
})

test('once all rows are gone it is not shown any more, while the last calls are waited for', async () => {
  const { progress } = await end()
  expect(await progress()).toBeDefined()
  const waiting = new AbortController()
  const erasing = erase({ signal: waiting.signal, afterglowSeconds: 3600 })
  await vi.waitFor(async () => expect(await progress()).toBeUndefined())
  expect(Object.keys(await rowsOf(project.id))).toEqual(KEPT)
  waiting.abort(new Error('stop'))
  await expect(erasing).rejects.toThrow()
})

test('a project that lives is left alone', async () => {
  const before = await rowsOf(project.id)
  await erase()
  expect(await rowsOf(project.id)).toEqual(before)
  expect(await exists()).toBe(true)
})

test('what a call that was under way writes afterwards goes too', async () => {
  await end()
  // A contact comes when contacts have been deleted and events are.
  await run(`create function come_late() returns trigger language plpgsql as $$ begin
    insert into contacts (project_id, id, email, subscribed)
      select distinct project_id, project_id, 'late@example.com', true from gone on conflict do nothing;
    return null;
  end $$`)
  await run(`create trigger come_late after delete on events referencing old table as gone
    for each statement execute function come_late()`)
  await sql`update projects set deleted_at = now() where id = ${project.id}`.execute(instance.db)
  await erase({ afterglowSeconds: 1.5 })
  expect(Object.keys(await rowsOf(project.id))).toEqual(FOR_LONG)
})

test('a deletion whose job got lost is queued again, once', async () => {
  await end()
  const jobs = async () => {
    const { rows } = await sql`select id from jobs.job where name = 'project-deletion'`.execute(instance.db)
    return rows.length
  }
  await sql`delete from jobs.job`.execute(instance.db)
  await resumeDeletions(instance.db)
  await resumeDeletions(instance.db)
  expect(await jobs()).toBe(1)
})
