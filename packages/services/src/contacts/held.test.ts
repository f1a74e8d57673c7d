import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
beforeEach(async () => {
  project = await instance.project()
})
afterAll(() => instance.close())

/** Begins something while another transaction deletes a contact, which commits when all else waits for it. */
async function whileDeleting<Result>(id: string, begin: () => Promise<Result>): Promise<Result> {
  const deleting = await instance.db.startTransaction().execute()
  await deleting.deleteFrom('contacts').where('project_id', '=', project.id).where('id', '=', id).execute()
  const result = begin()
  result.catch(() => {})
  await vi.waitFor(async () => {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(instance.db)
    expect(rows).not.toEqual([])
  })
  await deleting.commit().execute()
  return result
}

const idOf = async (email: string) => (await project.call(['contacts', 'get'], { id: email })).id
describe('while a contact is deleted that is known to be as wished', () => {
  test('whoever comes new with it is asked to confirm', async () => {
    await project.call(['project', 'update'], { doubleOptIn: true })
    const { contact } = await project.call(['events', 'track'], { event: 'e', email: 'ada@example.com' })
    await sql`delete from confirmations where project_id = ${project.id}`.execute(instance.db)
    const events = ['ada@example.com', 'bob@example.com'].map((email) => ({ event: 'e', email }))
    await whileDeleting(contact, () => project.call(['events', 'trackBatch'], { events }))
    const { rows } = await sql`
      select email from confirmations where project_id = ${project.id} order by email`.execute(instance.db)
    expect(rows).toEqual([{ email: 'ada@example.com' }, { email: 'bob@example.com' }])
  })

  const consent = { source: 'https://acme.example/join' }
  const given = { email: 'ada@example.com', subscribed: true, consent }
  test.each<[string, () => Promise<unknown>]>([
    ['saved', () => project.call(['contacts', 'upsert'], given)],
    ['saved in a batch', () => project.call(['contacts', 'upsertMany'], { contacts: [given] })],
    ['named by an event', () => project.call(['events', 'track'], { event: 'e', ...given })],
    [
      'named by an event of a batch',
      () => project.call(['events', 'trackBatch'], { events: [{ event: 'e', ...given }] }),
    ],
  ])('it is made anew where it is %s, with the consent that was given', async (_, save) => {
    await project.call(['contacts', 'upsert'], given)
    const before = await idOf(given.email)
    await whileDeleting(before, save)
    const after = await idOf(given.email)
    expect(after).not.toBe(before)
    const { data } = await project.call(['contacts', 'consentLog'], { id: after })
    expect(data).toMatchObject([{ subscribed: true, source: consent.source }])
  })
})
