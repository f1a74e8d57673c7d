import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const create = (name: string) => project.call(['templates', 'create'], { name, subject: 'S', body: '<p>B</p>' })

test('twenty copies that are made at once have twenty names', async () => {
  const { id, name } = await create('Copied')
  const copies = await Promise.all(Array.from({ length: 20 }, () => project.call(['templates', 'duplicate'], { id })))
  const numbered = Array.from({ length: 19 }, (_, n) => `${name} (Copy) ${n + 2}`)
  expect(copies.map((copy) => copy.name).toSorted()).toEqual([`${name} (Copy)`, ...numbered].toSorted())
})

test('no template takes the place of another by being named like its id', async () => {
  const { id } = await create('First')
  const other = await create('Second')
  const refused = { status: 422, errors: [{ field: 'name', message: expect.stringContaining('UUID') }] }
  for (const name of [id, id.toUpperCase(), ` ${newId()} `]) {
    await expect(create(name)).rejects.toMatchObject(refused)
    await expect(project.call(['templates', 'update'], { id: other.id, name })).rejects.toMatchObject(refused)
    await expect(project.call(['templates', 'duplicate'], { id, name })).rejects.toMatchObject(refused)
  }
})

test('who misses the postal address is told in which part', async () => {
  const to = 'in@example.com'
  await project.call(['project', 'update'], { postalAddress: '1 Test Street' })
  await project.call(['contacts', 'upsert'], { email: to, subscribed: true })
  for (const [body, text, words] of [
    ['<p>{{ project.postalAddress }}</p>', 'Hi', /^The text part of the mail does not name the postal address/],
    ['<p>Hi</p>', '{{ project.postalAddress }}', /^The HTML of the mail does not name the postal address/],
    ['<p>Hi</p>', null, /^The HTML and the text part of the mail do not name the postal address/],
  ] as const) {
    const content = { type: 'HEADLESS', subject: 'S', body, text } as const
    const { id } = await project.call(['templates', 'create'], { name: newId().slice(1), ...content })
    const message = expect.stringMatching(words)
    const code = 'POSTAL_ADDRESS_NEEDED'
    await expect(project.call(['emails', 'send'], { to, template: id })).rejects.toMatchObject({ code, message })
    const { warnings } = await project.call(['templates', 'render'], { template: id, contact: to })
    expect(warnings).toContainEqual({ code: 'no-postal-address', message })
  }
})
