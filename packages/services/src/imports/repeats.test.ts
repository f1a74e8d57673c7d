import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importFile } from '../../test/import.ts'
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

describe('a row that changes nothing', () => {
  const rowsOf = (who: string) => Array.from({ length: 5_000 }, (_, at) => `${who}${at}@example.com,pro,yes\n`).join('')
  const HEAD = 'email,plan,subscribed\n'
  const versions = async () => {
    const { rows } = await sql<{ email: string; version: string; lockedBy: string }>`
      select email, ctid || ' ' || xmin as version, xmax as "lockedBy" from contacts
      where project_id = ${project.id} order by email
    `.execute(instance.db)
    return rows
  }

  test('does not touch its contact, through all of a file', async () => {
    const file = `${HEAD}${rowsOf('a')}ada@example.com,pro,yes\ngrace@example.com,pro,no\n`
    await importFile(instance, project, file)
    const before = await versions()
    expect(await importFile(instance, project, file)).toMatchObject({ counts: { unchanged: 5_002 } })
    expect(await versions()).toEqual(before)
  })

  test('is one as well where most are new', async () => {
    await importFile(instance, project, `${HEAD}${rowsOf('b')}`)
    const before = await versions()
    const { counts } = await importFile(instance, project, `${HEAD}${rowsOf('a')}${rowsOf('b')}`)
    expect(counts).toMatchObject({ created: 5_000, updated: 0, unchanged: 5_000 })
    const versionOf = new Map((await versions()).map(({ email, version }) => [email, version]))
    expect(before.filter(({ email, version }) => versionOf.get(email) !== version)).toEqual([])
  })
})
