import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const look = (emails: string[]) => project.call(['contacts', 'lookup'], { emails })
async function add(email: string) {
  const { id } = await project.call(['contacts', 'upsert'], { email, data: { plan: 'pro' } })
  return project.call(['contacts', 'get'], { id })
}

test('each address is found or not, however it is written, once and in the order that it was asked in', async () => {
  const bob = await add('bob@example.com')
  const ada = await add('ada@bücher.de')
  const { found, notFound } = await look([
    ' Nobody@example.com ',
    'ADA@bücher.de',
    'not an address',
    'bob@example.com',
    'ada@xn--bcher-kva.de',
    'nobody@example.com',
  ])
  expect(found).toEqual([ada, bob])
  expect(notFound).toEqual([' Nobody@example.com ', 'not an address'])
})

test('a contact of another project is not found', async () => {
  const other = await instance.project('Other')
  await other.call(['contacts', 'upsert'], { email: 'theirs@example.com' })
  expect(await look(['theirs@example.com'])).toEqual({ found: [], notFound: ['theirs@example.com'] })
})

test('to look for nobody is refused', async () => {
  await expect(look([])).rejects.toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ field: 'emails' }] })
})
