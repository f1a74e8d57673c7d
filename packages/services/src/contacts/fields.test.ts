import { LIMITS, type WireInput } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { READ } from '../imports/cells.ts'
import { deleteProject, startDeletion } from '../people/deletion.ts'
import { runProjectJob } from '../project-jobs/run.ts'
import { forgetFields } from './field-counts.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const { signal } = new AbortController()

const upsert = (email: string, data: object, more: object = {}) =>
  project.call(['contacts', 'upsert'], { email, data, ...more } as never)

const fields = async (of = project) => (await of.call(['contacts', 'fields'], {})).fields

/** What the registry says, beside what reading every contact says. */
async function bothCounts(projectId = project.id) {
  const { rows: kept } = await sql<{ name: string; counts: number[] }>`
    select name, array[sum(strings), sum(numbers), sum(booleans), sum(dates), sum(lists), sum(objects)]::int[] as counts
    from contact_fields where project_id = ${projectId} group by name
    having sum(abs(strings) + abs(numbers) + abs(booleans) + abs(dates) + abs(lists) + abs(objects)) > 0
      and sum(strings + numbers + booleans + dates + lists + objects) <> 0
    order by name
  `.execute(instance.db)
  const of = (type: string) => sql`count(*) filter (where type_of_field(value) = ${type})`
  const { rows: true_ } = await sql<{ name: string; counts: number[] }>`
    select key as name, array[${sql.join(['string', 'number', 'boolean', 'date', 'list', 'object'].map(of))}]::int[] as counts
    from contacts cross join jsonb_each(data) where project_id = ${projectId} group by key order by key
  `.execute(instance.db)
  const { rows: totals } = await sql`
    select (select coalesce(sum(total), 0)::int from contact_totals where project_id = ${projectId}) as kept,
      (select coalesce(sum(subscribed), 0)::int from contact_totals where project_id = ${projectId}) as "keptSubscribed",
      count(*)::int as total, count(*) filter (where subscribed)::int as subscribed
    from contacts where project_id = ${projectId}
  `.execute(instance.db)
  return { kept, true: true_, totals: totals[0] as Record<string, number> }
}

async function expectRight(projectId?: string) {
  const { kept, true: counted, totals } = await bothCounts(projectId)
  expect(kept).toEqual(counted)
  expect([totals['kept'], totals['keptSubscribed']]).toEqual([totals['total'], totals['subscribed']])
}

async function runJob(jobId: string, batchRows = 1_000) {
  await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal, batchRows })
}

describe('the fields that contacts have', () => {
  test('have a type, and say how many contacts have them', async () => {
    await upsert('a@example.com', { plan: 'pro', age: 42, vip: true, since: '2026-01-31', tags: ['a'], home: { a: 1 } })
    await upsert('b@example.com', { plan: 'free', since: '2026-01-31T09:30:00Z', age: '42' })
    await upsert('c@example.com', { plan: 7, odd: '2026-1-31', age: 1.5 })
    await upsert('d@example.com', {})
    const byName = new Map((await fields()).map((field) => [field.name, field]))
    expect([...byName.keys()]).toEqual(['age', 'home', 'odd', 'plan', 'since', 'tags', 'vip'])
    expect(byName.get('plan')).toEqual({
      field: 'data.plan',
      name: 'plan',
      type: 'string',
      types: { string: 2, number: 1 },
      count: 3,
      coverage: 75,
    })
    const types = [...byName.values()].map(({ name, type }) => [name, type])
    expect(Object.fromEntries(types)).toEqual({
      age: 'number',
      home: 'object',
      odd: 'string',
      plan: 'string',
      since: 'date',
      tags: 'list',
      vip: 'boolean',
    })
    expect(byName.get('since')?.types).toEqual({ date: 2 })
    const some = await project.call(['contacts', 'fields'], { search: 'A', limit: 2 })
    expect(some).toMatchObject({ fields: [{ name: 'age' }, { name: 'plan' }], isComplete: false, contacts: 4 })
  })

  test('are dates where an import would read one, and no days that do not exist', async () => {
    const days = ['2026-01-31', '2024-02-29', '2000-02-29', '9999-12-31', '2026-02-28', '0001-01-01', '2026-04-30']
    const none = ['2026-13-01', '9999-99-99', '2026-02-30', '2026-02-29', '1900-02-29', '2026-04-31', '0000-01-01']
    const times = ['09:30', '09:30:00.123456789', '23:59:59Z', '24:00', '24:00:00Z', '00:00+0100', '00:00-23:59']
    const noTimes = [
      '99:99:99Z',
      '24:01',
      '23:60',
      '23:59:60',
      '9:30',
      '09:30+01',
      '09:30+24:00',
      '09:30:00.0123456789',
    ]
    const at = (time: string) => [`2026-01-31T${time}`, `2026-01-31 ${time}`]
    const texts = [...days, ...none, ...[...times, ...noTimes].flatMap(at), '2026-00-10', '2026-10-00', '2026-1-31']
    const { rows } = await sql<{ text: string; type: string }>`
      select value #>> '{}' as text, type_of_field(value) as type from jsonb_array_elements(${JSON.stringify(texts)}::jsonb)
    `.execute(instance.db)
    const dates = rows.filter(({ type }) => type === 'date').map(({ text }) => text)
    expect(dates).toEqual([...days, ...times.flatMap(at)])
    expect(dates).toEqual(texts.filter((text) => !('problem' in READ.date(text))))
  })

  test('are those of the project alone', async () => {
    const other = await instance.project()
    await other.call(['contacts', 'upsert'], { email: 'a@example.com', data: { secret: 'x' } })
    expect(await fields()).toEqual([])
    expect((await project.call(['contacts', 'fieldValues'], { field: 'secret' })).values).toEqual([])
    expect((await project.call(['contacts', 'fieldUsage'], { field: 'secret' })).contactCount).toBe(0)
    const { jobId } = await project.call(['contacts', 'deleteField'], { field: 'secret' })
    await runJob(jobId)
    expect(await fields(other)).toMatchObject([{ name: 'secret', count: 1 }])
  })

  test('are counted whatever is done to contacts, and are forgotten with the last one', async () => {
    await project.call(['contacts', 'upsertMany'], {
      contacts: [1, 2, 3, 4, 5].map((at) => ({ email: `c${at}@example.com`, data: { plan: 'pro', at } })),
    })
    await upsert('c1@example.com', { plan: 12, at: null, more: ['x'] })
    await project.call(['contacts', 'update'], { id: 'c2@example.com', data: null, subscribed: false })
    await project.call(['emails', 'send'], { to: 'c3@example.com', subject: 'a', text: 'b', data: { seen: true } })
    await project.call(['events', 'track'], { event: 'e', email: 'new@example.com', data: { at: 'now' } })
    await expectRight()
    await project.call(['contacts', 'delete'], { id: 'c3@example.com' })
    const { jobId } = await project.call(['contacts', 'bulkDelete'], { mode: 'query', filter: { field: 'at' } })
    await runJob(jobId, 2)
    await expectRight()
    expect((await fields()).map(({ name }) => name)).toEqual(['more', 'plan'])
    const { jobId: all } = await project.call(['contacts', 'bulkDelete'], { mode: 'query', filter: {} })
    await runJob(all)
    expect(await fields()).toEqual([])
    await forgetFields(instance.db)
    expect(await instance.db.selectFrom('contact_fields').where('project_id', '=', project.id).execute()).toEqual([])
  })

  test('are counted without one transaction waiting for another, in whatever order they come to the same fields', async () => {
    const store = (email: string, field: string) => sql`
      insert into contacts (project_id, id, email, data, subscribed)
      values (${project.id}, uuidv7(), ${email}, jsonb_build_object(${field}::text, 1), true)
    `
    const [one, two] = [await instance.db.startTransaction().execute(), await instance.db.startTransaction().execute()]
    for (const trx of [one, two]) await sql`set local lock_timeout = '5s'`.execute(trx)
    await store('a@example.com', 'x').execute(one)
    await store('b@example.com', 'y').execute(two)
    await store('c@example.com', 'y').execute(one)
    await store('d@example.com', 'x').execute(two)
    await two.commit().execute()
    await one.commit().execute()
    await expectRight()
    expect((await fields()).map(({ name, count }) => [name, count])).toEqual([
      ['x', 2],
      ['y', 2],
    ])
  })

  test('are counted right while 50 write at once', async () => {
    const rounds = Array.from({ length: 50 }, (_, at) => at)
    await Promise.all(
      rounds.map(async (at) => {
        await project.call(['contacts', 'upsertMany'], {
          contacts: [0, 1, 2, 3].map((one) => ({
            email: `p${(at + one) % 20}@example.com`,
            data: { [`f${(at * 3 + one) % 7}`]: at % 2 === 0 ? at : `${at}`, b: one, a: at },
          })),
        })
        await upsert(`p${at % 20}@example.com`, { a: null, [`f${at % 7}`]: [at] }, { subscribed: at % 3 === 0 })
        if (at % 10 === 0) await project.call(['contacts', 'delete'], { id: `p${at % 20}@example.com` }).catch(() => {})
      }),
    )
    await expectRight()
  })

  test('cost nothing where nothing changes, and little where only the consent does', async () => {
    await upsert('a@example.com', { plan: 'pro' })
    const written = async () => {
      const { rows } = await sql`
        select xmin::text, ctid::text from contact_fields where project_id = ${project.id} order by name, shard
      `.execute(instance.db)
      return rows
    }
    const before = await written()
    await project.call(['emails', 'send'], { to: 'a@example.com', subject: 'a', text: 'b', data: { plan: 'pro' } })
    await project.call(['contacts', 'update'], { id: 'a@example.com', subscribed: false })
    await upsert('a@example.com', { plan: 'free' })
    expect(await written()).toEqual(before)
    await expectRight()
  })

  test('go with their project', async () => {
    await upsert('a@example.com', { plan: 'pro' })
    await startDeletion(instance.db, project.id, null)
    await deleteProject(instance.db, project.id, { signal, afterglowSeconds: 0, batchRows: 1 })
    for (const table of ['contact_fields', 'contact_totals'] as const) {
      expect(await instance.db.selectFrom(table).where('project_id', '=', project.id).execute()).toEqual([])
    }
  })

  test('are counted in thousands at a time as well', async () => {
    const count = 5_000
    await sql`
      insert into contacts (project_id, id, email, data, subscribed)
      select ${project.id}, uuidv7(), 'c' || i || '@example.com', jsonb_build_object('n', i, 'plan', 'p' || i), true
      from generate_series(1, ${count}) i
    `.execute(instance.db)
    await sql`update contacts set data = data || '{"n": "x", "new": true}' where project_id = ${project.id}`.execute(
      instance.db,
    )
    await expectRight()
    await sql`delete from contacts where project_id = ${project.id}`.execute(instance.db)
    expect(await fields()).toEqual([])
  })
})

describe('the values of a field', () => {
  test('are listed by how many contacts have them, those of lists one by one', async () => {
    await upsert('a@example.com', { tags: ['x', 'y', 'x'], long: 'x'.repeat(LIMITS.fieldValueLength + 1) })
    await upsert('b@example.com', { tags: ['x'] })
    await upsert('c@example.com', { tags: 'y' })
    await upsert('d@example.com', { tags: { not: 'shown' } })
    await upsert('e@example.com', { tags: 5 })
    expect(await project.call(['contacts', 'fieldValues'], { field: 'data.tags', limit: 10 })).toEqual({
      field: 'data.tags',
      values: ['x', 'y', 5],
      counts: [2, 2, 1],
      count: 3,
      limit: 10,
      contacts: 5,
    })
    expect((await project.call(['contacts', 'fieldValues'], { field: 'tags', limit: 1 })).values).toEqual(['x'])
    expect((await project.call(['contacts', 'fieldValues'], { field: 'long' })).values).toEqual([])
  })
})

describe('the use of a field', () => {
  test('names the templates that read it or declare it, and no others', async () => {
    await upsert('a@example.com', { plan: 'pro' })
    const create = (name: string, more: Partial<WireInput<'templates', 'create'>>) =>
      project.call(['templates', 'create'], { name, subject: 'Hi', body: '<p>Hi</p>', ...more })
    await create('Reads', { body: '<p>{{ contact.data.plan }}</p>' })
    await create('In the subject', { subject: 'Your {{ plan ?? "free" }}' })
    await create('Declares', { variables: [{ name: 'plan', type: 'string', fallback: 'free' }] })
    await create('Only says it', { body: '<p>plan {{ event.plan }} {{ planet }}</p>' })
    const usage = await project.call(['contacts', 'fieldUsage'], { field: 'plan' })
    const unused = { usedInSegments: [], usedInCampaigns: [], canDelete: true }
    expect(usage).toMatchObject({ field: 'data.plan', contactCount: 1, isComplete: true, ...unused })
    expect(usage.usedInTemplates.map(({ name }) => name)).toEqual(['Declares', 'In the subject', 'Reads'])
  })
})

describe('deleting a field', () => {
  const withField = async () => {
    const { rows } = await sql<{ email: string }>`
      select email from contacts where project_id = ${project.id} and data ? 'plan' order by email
    `.execute(instance.db)
    return rows.map(({ email }) => email)
  }

  test('takes it from all contacts and leaves the rest of their data, also where it is stopped at each step', async () => {
    await project.call(['contacts', 'upsertMany'], {
      contacts: Array.from({ length: 45 }, (_, at) => ({
        email: `c${at}@example.com`,
        data: { city: 'Bern', ...(at % 3 === 0 && { plan: 'pro' }) },
      })),
    })
    const { jobId } = await project.call(['contacts', 'deleteField'], { field: 'data.plan' })
    await upsert('later@example.com', { plan: 'pro' })
    const which = { projectId: project.id, jobId }
    for (let step = 0; step < 20; step += 1) {
      const stop = new AbortController()
      const seen = { throwIfAborted: () => (stop.signal.aborted ? stop.signal.throwIfAborted() : stop.abort()) }
      await runProjectJob(instance.db, which, { signal: seen as never, batchRows: 2 }).catch(() => {})
    }
    expect(await withField()).toEqual(['later@example.com'])
    const job = await project.call(['jobs', 'get'], { id: jobId })
    expect(job).toMatchObject({ status: 'succeeded', result: { deletedFrom: 15 }, progress: { done: 15, total: 15 } })
    expect((await fields()).map(({ name, count }) => [name, count])).toEqual([
      ['city', 45],
      ['plan', 1],
    ])
    await expectRight()
  })

  test('of which there is nothing is over at once', async () => {
    const { jobId } = await project.call(['contacts', 'deleteField'], { field: 'nothing' })
    await runJob(jobId)
    expect((await project.call(['jobs', 'get'], { id: jobId })).result).toEqual({ deletedFrom: 0 })
  })
})
