import type { StoredVariable } from '@posthorn/db/tables/templates'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { misfits } from './declared.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

let made = 0
const create = (variables: object[], change: object = {}) =>
  project.call(['templates', 'create'], {
    name: `Declares ${(made += 1)}`,
    type: 'TRANSACTIONAL',
    subject: 'S {{ it }}',
    body: '<p>{{ it | date: "%d.%m.%Y" }}</p>',
    variables,
    ...change,
  } as never)

async function sent(template: string, data: object = {}) {
  const { emails } = await project.call(['emails', 'send'], { to: 'ada@example.com', template, data } as never)
  return Promise.all(emails.map(({ email }) => project.call(['emails', 'get'], { id: email })))
}

/** Written past the service, as versions are that were stored before it refused this. */
const store = (id: string, variables: StoredVariable[]) =>
  sql`update template_versions set variables = ${JSON.stringify(variables)} where template_id = ${id}`.execute(
    instance.db,
  )

const refused = (field: string) => ({ code: 'VALIDATION_ERROR', status: 422, errors: [{ field }] })

test.each(['Order 5', '2026', '-1', '2026-02-31', '31.01.2026', '0000-01-01'])(
  'no send and no preview takes %j for a date',
  async (it) => {
    const { id } = await create([{ name: 'it', type: 'date' }])
    const data = { it: { value: it, persistent: false } }
    await expect(sent(id, data)).rejects.toMatchObject(refused('data.it'))
    await expect(project.call(['templates', 'render'], { template: id, data })).rejects.toMatchObject(
      refused('data.it'),
    )
  },
)

test.each(['2026-01-31', '2026-01-31T09:30:00Z', '2026-01-31 09:30', '2026-01-31T09:30+0100'])(
  '%j is a date, and shown as the one that it is',
  async (it) => {
    const { id } = await create([{ name: 'it', type: 'date' }])
    const data = { it: { value: it, persistent: false } }
    expect(await sent(id, data)).toMatchObject([{ html: '<p>31.01.2026</p>', subject: `S ${it}` }])
  },
)

test('a fallback of another type, and a name that no send can give, are refused where a template is saved or shown', async () => {
  const { id } = await create([])
  for (const [wrong, field] of [
    [{ name: 'it', type: 'date', fallback: 'nope' }, 'variables.1.fallback'],
    [{ name: 'email', type: 'string', fallback: 'a' }, 'variables.1.name'],
    [{ name: 'constructor', type: 'string', fallback: 'a' }, 'variables.1.name'],
  ] as const) {
    const variables = [{ name: 'good', type: 'string' as const }, wrong]
    await expect(create(variables)).rejects.toMatchObject(refused(field))
    await expect(project.call(['templates', 'update'], { id, variables })).rejects.toMatchObject(refused(field))
    await expect(project.call(['templates', 'render'], { body: 'a', variables })).rejects.toMatchObject(refused(field))
  }
})

test('what was stored before it was refused is still read, changed and sent', async () => {
  const { id } = await create([], { subject: '{{ it }} {{ data.email }} {{ __proto__ }}' })
  const variables: StoredVariable[] = [
    { name: 'it', type: 'number', fallback: 'abc' },
    { name: 'email', type: 'string', fallback: 'e' },
    { name: '__proto__', type: 'string', fallback: 'p' },
    { name: 'constructor', type: 'string', fallback: 'c' },
  ]
  await store(id, variables)
  expect(await project.call(['templates', 'get'], { id })).toMatchObject({ variables })
  expect(await sent(id)).toMatchObject([{ subject: 'abc e p' }])
  await project.call(['templates', 'update'], { id, body: '<p>Anew</p>' })
  expect(await sent(id)).toMatchObject([{ subject: 'abc e p', html: '<p>Anew</p>' }])
})

test('what JavaScript’s objects bring along is no value', () => {
  const names = ['toString', 'constructor', '__proto__']
  const variables = names.map((name): StoredVariable => ({ name, type: 'string' }))
  expect(misfits(variables, {}).map(({ name, isMissing }) => [name, isMissing])).toEqual(
    names.map((name) => [name, true]),
  )
})

test('a list stands in the text of a mail item by item, in what is shown as in what is sent', async () => {
  const { id } = await create([{ name: 'it', type: 'list' }], { body: '<p>Colors: {{ it }}</p>', subject: 'S' })
  const data = { it: { value: ['a', 'b'], persistent: false } }
  const { html, text } = await project.call(['templates', 'render'], { template: id, data })
  expect({ html, text }).toEqual({ html: '<p>Colors: <li>a</li><li>b</li></p>', text: 'Colors:\n* a\n* b' })
  const test = await project.call(['templates', 'sendTest'], { id, to: 'me@example.com', data })
  expect(await project.call(['emails', 'get'], { id: test.email })).toMatchObject({ html, text })
})
