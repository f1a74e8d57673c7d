import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { arriving, importFile, people, problemsOf, run, type Options } from '../../test/import.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { hashOfAddress } from '../consent/refused.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  project = await instance.project()
})

const NOW = () => new Date().toISOString()
const OLDER = '2024-03-01T12:00:00.000Z'

const known = (name: string, rest: object = {}) =>
  project.call(['contacts', 'upsert'], { email: `${name}@example.com`, ...rest })

/** Who is subscribed, by the name before the sign. */
const subscribed = async () =>
  Object.fromEntries((await people(instance, project)).map(([email, is]) => [(email as string).split('@')[0], is])) // Safe because addresses are text.

/** Tries it and does it, which come to the same. */
async function importTried(file: string, options: Options = {}) {
  const tried = await importFile(instance, project, file, { ...options, dryRun: true })
  const foreseen = await problemsOf(project, tried)
  const done = await importFile(instance, project, file, options)
  const problems = await problemsOf(project, done)
  expect([tried.counts, foreseen]).toEqual([done.counts, problems])
  const { data } = await project.call(['imports', 'problems'], { id: done.id })
  return { counts: done.counts, problems, messages: data.map(({ message }) => message) }
}

describe('a project that asks people to confirm', () => {
  const ask = () => project.call(['project', 'update'], { doubleOptIn: true })
  const CONFIRMED = { consent: { source: 'old list', confirmed: true } }

  test('takes data, opt-outs and those who are subscribed by a file that claims nothing', async () => {
    await known('in')
    await known('leaves')
    await ask()
    const file = 'email,city,subscribed\nin@example.com,Rome,yes\nleaves@example.com,,no\nnew@example.com,Bonn,\n'
    const { counts, problems } = await importTried(file)
    expect(counts).toMatchObject({ created: 1, updated: 2, keptOut: 0 })
    expect([problems, await subscribed()]).toEqual([[], { in: true, leaves: false, new: false }])
  })

  test('subscribes by it nobody who was not, and says of each row why', async () => {
    await known('out', { subscribed: false })
    await ask()
    await known('asked')
    const file = `email,subscribed\n${['asked', 'new', 'out'].map((name) => `${name}@example.com,yes\n`).join('')}`
    for (const options of [{}, { consent: { source: 'fair', at: NOW() } }]) {
      const { counts, problems, messages } = await importTried(file, options)
      expect(counts).toMatchObject({ keptOut: 3 })
      expect(problems).toEqual([
        [2, 'kept-out', null, 'not_confirmed'],
        [3, 'kept-out', null, 'not_confirmed'],
        [4, 'kept-out', null, 'opted_out'],
      ])
      expect(messages[0]).toContain('`confirmed: true`')
      expect(await subscribed()).toEqual({ asked: false, new: false, out: false })
    }
    await importFile(instance, project, file, CONFIRMED)
    expect(await subscribed()).toEqual({ asked: true, new: true, out: false })
    expect((await project.call(['contacts', 'consentLog'], { id: 'asked@example.com' })).data).toHaveLength(1)
  })

  test('forgets no refusal of the file itself by a consent of people who have yet to confirm', async () => {
    await ask()
    const file = `email,unsubscribed_at,subscribed\na@example.com,${OLDER},\na@example.com,,yes\n`
    const { problems } = await importTried(file, { consent: { source: 'fair', at: NOW() } })
    expect(problems).toEqual([[3, 'kept-out', null, 'opted_out']])
    expect(await project.call(['contacts', 'get'], { id: 'a@example.com' })).toMatchObject({ optedOutAt: OLDER })
  })

  test('takes a file by one call as well', async () => {
    await ask()
    const body = { type: 'text/csv', filename: undefined, chunks: arriving('email,city\na@example.com,Rome\n') }
    const { importId } = await project.call(['contacts', 'import'], {}, { body })
    await run(instance.db, project, await project.call(['imports', 'get'], { id: importId }))
    expect(await subscribed()).toEqual({ a: false })
  })
})

describe('a consent that does not say since when', () => {
  const consent = { source: 'crm', confirmed: true }

  test.each<[string, string]>([
    ['data alone', 'email,city\nout@example.com,Rome\nnew@example.com,Bonn\n'],
    ['a column that says so', 'email,subscribed\nout@example.com,yes\nnew@example.com,yes\n'],
  ])('brings back nobody who opted out, by a file of %s', async (_, file) => {
    await known('out', { subscribed: false })
    const { counts, problems } = await importTried(file, { consent })
    expect(counts).toMatchObject({ created: 1, keptOut: 1 })
    expect([problems, await subscribed()]).toEqual([[[2, 'kept-out', null, 'opted_out']], { new: true, out: false }])
    await importTried(file, { consent: { ...consent, at: OLDER } })
    expect(await subscribed()).toEqual({ new: true, out: false })
    await importFile(instance, project, file, { consent: { ...consent, at: NOW() } })
    expect(await subscribed()).toEqual({ new: true, out: true })
  })

  test('nor whose address alone is remembered, nor does it end that', async () => {
    const hash = hashOfAddress(project.id, 'out@example.com')
    await instance.db.insertInto('refused_addresses').values({ project_id: project.id, hash }).execute()
    const { problems } = await importTried('email\nout@example.com\n', { consent })
    expect([problems, await people(instance, project)]).toEqual([[[2, 'skipped', null, 'erased']], []])
    await known('out', { subscribed: true })
    expect(await subscribed()).toEqual({ out: false })
  })
})

describe('a topic that a row chooses in vain is in the report', () => {
  const said = (choices: object) => `"${JSON.stringify(choices).replaceAll('"', '""')}"`
  const fileOf = (...rows: [name: string, choices: object][]) =>
    `email,chosen\n${rows.map(([name, choices]) => `${name}@example.com,${said(choices)}\n`).join('')}`
  const columns: Options['columns'] = [
    { column: 'email', to: 'email' },
    { column: 'chosen', to: 'topics' },
  ]
  beforeEach(async () => {
    for (const id of ['weekly', 'offers']) await project.call(['topics', 'create'], { id, name: id })
    await project.call(['topics', 'create'], { id: 'dbl', name: 'Asked', doubleOptIn: true })
  })

  test('of who left it, or has yet to confirm it, by its name', async () => {
    await known('left', { topics: { weekly: false } })
    await known('both', { topics: { weekly: false } })
    const file = fileOf(
      ['left', { weekly: true }],
      ['new', { dbl: true, offers: true }],
      ['both', { dbl: true, weekly: true }],
      ['new', { offers: true }],
    )
    for (const options of [{ columns }, { columns, consent: { source: 'crm' } }]) {
      const { counts, problems, messages } = await importTried(file, options)
      expect(counts).toMatchObject({ rows: 4, keptOut: 3 })
      expect(problems).toEqual([
        [2, 'kept-out', 'chosen', 'opted_out'],
        [3, 'kept-out', 'chosen', 'not_confirmed'],
        [4, 'kept-out', 'chosen', 'not_confirmed'],
      ])
      expect(messages).toEqual([
        expect.stringContaining('left `weekly`'),
        expect.stringMatching(/^`dbl` asks.*`confirmed: true`/),
        expect.stringMatching(/`dbl` asks.*left `weekly`/),
      ])
    }
    const { problems } = await importTried(file, { columns, consent: { source: 'crm', confirmed: true, at: NOW() } })
    expect(problems).toEqual([])
  })

  test('of who leaves it by a row above', async () => {
    const rows = fileOf(['a', { weekly: true }], ['a', { weekly: false }], ['a', { weekly: true }])
    const { problems } = await importTried(rows, { columns })
    expect(problems).toEqual([[4, 'kept-out', 'chosen', 'opted_out']])
  })

  test('together with the mail that they opted out of, in one entry', async () => {
    await known('out', { subscribed: false, topics: { weekly: false } })
    const file = `email,chosen,subscribed\nout@example.com,${said({ weekly: true })},yes\n`
    const both = [...columns, { column: 'subscribed', to: 'subscribed' as const }]
    const { counts, problems, messages } = await importTried(file, { columns: both })
    expect(counts).toMatchObject({ keptOut: 1 })
    expect(problems).toEqual([[2, 'kept-out', null, 'opted_out']])
    expect(messages[0]).toMatch(/opted out and stays unsubscribed.*left `weekly`/)
  })
})
