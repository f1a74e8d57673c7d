import { connect, CHANGES_CHANNEL } from '@posthorn/db'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { testMember } from '../test/people.ts'
import { distrustDomain, trustDomain } from './domains.ts'

let instance: TestInstance
let project: TestProject
let heard: string[]
let open: AsyncDisposableStack

beforeEach(async () => {
  instance = await testInstance()
  project = await instance.project()
  open = new AsyncDisposableStack()
  const connection = connect(instance.connectionString)
  open.defer(() => connection.close())
  const client = connection.openClient()
  await client.connect()
  open.defer(() => client.end())
  heard = []
  client.on('notification', ({ payload = '' }) => heard.push(payload))
  await client.query(`listen ${CHANGES_CHANNEL}`)
  await sql`
    insert into live_watches (project_id, watched_until) values (${project.id}, now() + interval '1 hour')
  `.execute(instance.db)
})

afterEach(async () => {
  await open.disposeAsync()
  await instance.close()
})

/** What is heard of the project, once each, by the time that something said afterwards is heard. */
async function changesOf(act: () => Promise<unknown>): Promise<string[]> {
  heard.length = 0
  await act()
  await sql`select pg_notify(${CHANGES_CHANNEL}, 'end')`.execute(instance.db)
  await vi.waitFor(() => expect(heard).toContain('end'))
  return [...new Set(heard)]
    .filter((payload) => payload !== 'end')
    .map((payload) => payload.replace(`${project.id} `, ''))
    .toSorted()
}

test('what changes under somebody’s eyes is told once it is committed', async () => {
  const { call } = project
  expect(await changesOf(() => call(['contacts', 'upsert'], { email: 'a@example.com' }))).toEqual(['contacts'])
  const track = () => call(['events', 'track'], { event: 'signed-up', email: 'a@example.com' })
  expect(await changesOf(track)).toEqual(['contacts', 'events'])
  expect(await changesOf(() => call(['project', 'update'], { language: 'de' }))).toEqual(['audit', 'project'])
  const made = { id: '' }
  expect(await changesOf(async () => Object.assign(made, await call(['keys', 'create'], { name: 'A' })))).toEqual([
    'audit',
    'keys',
  ])
  const { id } = made
  expect(await changesOf(() => call(['keys', 'regenerate'], { id, overlap: '1h' }))).toEqual(['audit', 'keys'])
  expect(await changesOf(() => call(['keys', 'reveal'], { id }))).toEqual(['audit'])
  expect(await changesOf(() => call(['keys', 'revoke'], { id }))).toEqual(['audit', 'keys'])
  for (const act of [trustDomain, distrustDomain]) {
    const changes = await changesOf(() => act(instance.db, project.id, 'example.com'))
    expect(changes).toEqual(['audit', 'project'])
  }
})

test('who joins, leaves, is invited or gets another role is told too', async () => {
  const owner = await testMember(instance, project.id, 'owner')
  const { id: userId } = await testMember(instance, project.id, 'viewer')
  const calls = [
    () => owner.call(['members', 'invite'], { email: 'x@example.com', role: 'viewer' }, project.id),
    () => owner.call(['members', 'changeRole'], { userId, role: 'admin' }, project.id),
    () => owner.call(['members', 'remove'], { userId }, project.id),
  ]
  for (const call of calls) expect(await changesOf(call)).toContain('members')
})

test('nothing is told of what changed nothing, was undone, or that nobody looks at', async () => {
  const { call, context } = project
  const speakGerman = () => call(['project', 'update'], { language: 'de' })
  expect(await changesOf(speakGerman)).toEqual(['audit', 'project'])
  expect(await changesOf(speakGerman)).toEqual([])
  const undone = async () => {
    const trx = await instance.db.startTransaction().execute()
    await call(['contacts', 'upsert'], { email: 'b@example.com' }, context({ db: trx }))
    await trx.rollback().execute()
  }
  expect(await changesOf(undone)).toEqual([])
  const other = await instance.project()
  expect(await changesOf(() => other.call(['contacts', 'upsert'], { email: 'a@example.com' }))).toEqual([])
})
