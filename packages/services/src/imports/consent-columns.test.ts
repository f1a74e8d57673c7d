import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { arriving, importFile, people, run, upload, type Options } from '../../test/import.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  project = await instance.project()
})

const AT = '2024-03-01T12:00:00.000Z'
/** What became of contacts: yes, no, or since when they refuse. */
async function consents(of = project) {
  const { rows } = await sql<{ email: string; subscribed: boolean; at: Date | null; isNow: boolean }>`
    select email, subscribed, opted_out_at as at, opted_out_at > now() - interval '1 hour' as "isNow" from contacts
    where project_id = ${of.id} order by email
  `.execute(instance.db)
  const word = ({ subscribed, at, isNow }: (typeof rows)[number]) =>
    subscribed ? 'yes' : at === null ? 'no' : isNow ? 'refuses' : at.toISOString()
  return Object.fromEntries(rows.map((row) => [row.email.replace('@example.com', ''), word(row)]))
}

const fileOf = (column: string, cells: readonly string[]) =>
  `email,${column}\n${cells.map((cell, index) => `${'abcdefgh'[index]}@example.com,${cell}\n`).join('')}`

describe('who refused in another program is not subscribed by an import', () => {
  test.each<[column: string, kind: string, cells: string[], expected: string[]]>([
    ['unsubscribed', 'unsubscribed', ['true', 'false', ''], ['refuses', 'yes', 'yes']],
    ['Opted_Out', 'unsubscribed', ['1', '0'], ['refuses', 'yes']],
    ['opt-out', 'unsubscribed', ['Yes', 'NO'], ['refuses', 'yes']],
    ['Bounced', 'unsubscribed', ['y', 'n'], ['refuses', 'yes']],
    [
      'unsubscribed_at',
      'unsubscribed',
      ['2024-03-01 12:00:00', '-', 'NULL', '0000-00-00 00:00:00'],
      [AT, 'yes', 'yes', 'yes'],
    ],
    ['UNSUB_TIME', 'unsubscribed', ['3/1/2024 12:00', '31.12.2023', ''], ['refuses', 'refuses', 'yes']],
    ['optedOutAt', 'unsubscribed', [AT, ''], [AT, 'yes']],
    [
      'status',
      'status',
      ['subscribed', 'Unsubscribed', 'hard bounce', 'complained', 'cleaned', 'Blocklisted', 'pending', ''],
      ['yes', 'refuses', 'refuses', 'refuses', 'refuses', 'refuses', 'no', 'yes'],
    ],
    ['Email Marketing Status', 'status', ['active', 'not_subscribed'], ['yes', 'no']],
    ['Subscribed', 'subscribed', ['yes', 'no', ''], ['yes', 'refuses', 'yes']],
    ['Subscribed?', 'subscribed', ['yes', 'no'], ['yes', 'refuses']],
    ['Email Opt-In (newsletter)', 'subscribed', ['yes', 'no'], ['yes', 'refuses']],
    ['abgemeldet', 'unsubscribed', ['ja', 'nein'], ['refuses', 'yes']],
    ['Désabonné(e)', 'unsubscribed', ['oui', 'non'], ['refuses', 'yes']],
    ['¿Suscrito?', 'subscribed', ['Sí', 'no'], ['yes', 'refuses']],
    ['Statut', 'status', ['Abonné', 'Désinscrit'], ['yes', 'refuses']],
    ['uitgeschreven', 'unsubscribed', ['ja', 'nee'], ['refuses', 'yes']],
    ['Disiscritto', 'unsubscribed', ['sì', 'no'], ['refuses', 'yes']],
    ['list_status', 'status', ['cleaned', 'subscribed'], ['refuses', 'yes']],
    ['Mail Flag', 'status', ['optout', ''], ['refuses', 'yes']],
    ['status', 'field', ['Gold', 'Silver'], ['yes', 'yes']],
    ['Notes', 'field', ['no', 'Nein'], ['yes', 'yes']],
    ['--', 'field', ['yes', 'no'], ['yes', 'yes']],
  ])('%s', async (column, kind, cells, expected) => {
    const file = fileOf(column, cells)
    const { columns } = await upload(project, file)
    expect(columns[1]?.suggestion.to).toBe(kind)
    await importFile(instance, project, file)
    expect(Object.values(await consents())).toEqual(expected)
  })

  test('also where several columns speak of it, and one alone says no', async () => {
    const file =
      'email,subscribed,bounced,unsubscribed_at\na@example.com,yes,no,\nb@example.com,yes,yes,\nc@example.com,yes,,2024-03-01T12:00:00Z\n'
    await importFile(instance, project, file)
    expect(await consents()).toEqual({ a: 'yes', b: 'refuses', c: AT })
  })

  test('and a word that is not known is refused, and not taken for a yes', async () => {
    const file = 'email,status\na@example.com,unsubscribed\nb@example.com,perhaps\n'
    const { counts } = await importFile(instance, project, file)
    expect(counts).toMatchObject({ created: 1, refused: 1 })
  })

  const importAtOnce = (file: string) =>
    project.call(
      ['contacts', 'import'],
      {},
      { body: { type: 'text/csv', filename: undefined, chunks: arriving(file) } },
    )

  test('nor at once by a column that nobody understands: the file is refused, and nothing stays of it', async () => {
    const file = fileOf('unsubscribed', ['from the weekly', ''])
    const message = expect.stringMatching(/`unsubscribed` seems to say who gets mail/)
    const refusal = { code: 'VALIDATION_ERROR', errors: [{ field: 'columns', message }] }
    await expect(importAtOnce(file)).rejects.toMatchObject(refusal)
    expect((await project.call(['imports', 'list'], {})).data).toEqual([])
    const { id } = await upload(project, file)
    await expect(project.call(['imports', 'start'], { id })).rejects.toMatchObject(refusal)
    for (const [column, cells] of [
      ['Newsletter since spring?', ['no']],
      ['GDPR', ['1', '0']],
      ['Werbeerlaubnis', ['x', '']],
      ['Marketing mails', ['2024-03-01']],
      ['Status', ['Active', 'Inactive']],
      ['Abo', ['ja', 'nein']],
      ['Group', ['newsletter', 'Opted out']],
      ['topics', ['"{""news"":false}"']],
      ['Topics', ['sports']],
      ['topics', ['', '']],
      ['Newsletter topics', ['', '"{""news"":true}"']],
    ] as const) {
      const words = { errors: [{ message: expect.stringContaining(`\`${column}\` seems to say who gets mail`) }] }
      await expect(importAtOnce(fileOf(column, cells))).rejects.toMatchObject(words)
    }
    for (const [column, cells] of [
      ['Mailing city', ['Bonn', 'Köln']],
      ['Notes', ['no', 'wants to be unsubscribed in May']],
      ['State', ['active', 'Bavaria']],
      ['Favourite topics', ['sports', 'news']],
      ['hot_topics', ['5', '1']],
      ['topics_count', ['1', '0']],
    ] as const) {
      const { columns } = await upload(project, fileOf(column, cells))
      expect(columns[1]).toMatchObject({ unsure: false, suggestion: { to: 'field' } })
    }
    await expect(importAtOnce(fileOf('unsubscribed', ['true', '']))).resolves.toMatchObject({
      importId: expect.any(String),
    })
  })
})

test('a topic that somebody left is never lost: topics of a file that is no export are asked about, and read as such', async () => {
  await project.call(['topics', 'create'], { id: 'news', name: 'News' })
  const { id, columns } = await upload(project, fileOf('topics', ['"{""news"":false}"', '']))
  expect(columns[1]).toMatchObject({ unsure: true, suggestion: { column: 'topics', to: 'topics' } })
  await expect(project.call(['imports', 'start'], { id })).rejects.toMatchObject({
    errors: [{ field: 'columns', message: expect.stringContaining('such as `"to": "topics"`') }],
  })
  const begun = await project.call(['imports', 'start'], { id, columns: columns.map(({ suggestion }) => suggestion) })
  await run(instance.db, project, begun)
  const { data } = await project.call(['contacts', 'topics'], { id: 'a@example.com' })
  expect(data).toMatchObject([{ id: 'news', choice: false }])
  expect((await people(instance, project)).map(([, , known]) => known)).toEqual([{}, {}])
})

test('where people are asked, who is new and of whom the file says nothing is not subscribed', async () => {
  await project.call(['project', 'update'], { doubleOptIn: true })
  const consent = { source: 'fair', confirmed: true }
  const file = fileOf('status', ['subscribed', ''])
  const dry = await importFile(instance, project, file, { consent, dryRun: true })
  expect((await importFile(instance, project, file, { consent })).counts).toEqual(dry.counts)
  expect(await consents()).toEqual({ a: 'yes', b: 'no' })
})

describe('an import of what is known', () => {
  const columns = (second: NonNullable<Options['columns']>[number]['to']): Options => ({
    columns: [
      { column: 'email', to: 'email' },
      { column: 'said', to: second },
    ],
  })
  const known = (contact: { email: string; subscribed?: boolean; topics?: Record<string, boolean> }) =>
    project.call(['contacts', 'upsert'], contact)

  test('keeps since when somebody refuses, and a column of refusals takes none back', async () => {
    await known({ email: 'a@example.com', subscribed: false })
    await known({ email: 'b@example.com' })
    const before = await people(instance, project)
    const { counts } = await importFile(instance, project, fileOf('said', [AT, 'no']), columns('unsubscribed'))
    expect(counts).toMatchObject({ unchanged: 2 })
    expect([await people(instance, project), await consents()]).toEqual([before, { a: 'refuses', b: 'yes' }])
  })

  test('a topic that is left stays left, but for a consent; who chose nothing can be brought to one', async () => {
    for (const id of ['weekly', 'offers']) await project.call(['topics', 'create'], { id, name: id })
    await project.call(['topics', 'create'], { id: 'asked', name: 'Asked', doubleOptIn: true })
    await known({ email: 'a@example.com', topics: { weekly: false } })
    await known({ email: 'b@example.com', topics: { weekly: true } })
    const said = (choices: object) => `"${JSON.stringify(choices).replaceAll('"', '""')}"`
    const file = fileOf('said', [
      said({ weekly: true, offers: true, asked: true }),
      said({ weekly: false }),
      said({ offers: false }),
      said({ nothing: true }),
      said(['weekly']),
    ])
    const dry = await importFile(instance, project, file, { ...columns('topics'), dryRun: true })
    const done = await importFile(instance, project, file, columns('topics'))
    expect(dry.counts).toEqual(done.counts)
    expect(done.counts).toMatchObject({ created: 1, updated: 2, refused: 2 })
    const choices = async (name: string) => {
      const { data } = await project.call(['contacts', 'topics'], { id: `${name}@example.com` })
      return Object.fromEntries(data.map(({ id, choice }) => [id, choice]))
    }
    expect(await choices('a')).toEqual({ weekly: false, offers: true, asked: null })
    expect(await choices('b')).toEqual({ weekly: false, offers: null, asked: null })
    expect(await choices('c')).toEqual({ weekly: null, offers: false, asked: null })
    const again = await importFile(instance, project, file, columns('topics'))
    expect(again.counts).toMatchObject({ created: 0, updated: 0, unchanged: 3, refused: 2 })
    const consent = { source: 'fair', confirmed: true, at: new Date().toISOString() }
    await importFile(instance, project, file, { ...columns('topics'), consent })
    expect(await choices('a')).toEqual({ weekly: true, offers: true, asked: true })
  })
})
