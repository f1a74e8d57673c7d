import {
  isQuery,
  operationList,
  peopleOperationList,
  ROLE_PERMISSIONS,
  ROLES,
  type NamedOperation,
  type NamedPeopleOperation,
  type Permission,
  type Role,
} from '@posthorn/contracts'
import { newId } from '@posthorn/services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inputOf } from '../test/inputs.ts'
import { missingPeople, peopleInputOf, seedPeople, type PeopleRows } from '../test/people-inputs.ts'
import { newMember, openBrowser, setUp, type SessionAnswer, type Somebody } from '../test/people.ts'
import { missingRows, seedProject, snapshot, type Rows } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let owner: Somebody
let people: Record<Role, Somebody>
let stranger: Somebody

beforeAll(async () => {
  api = await startTestApi()
  owner = await setUp(api)
  const { project } = await api.newProject()
  const made = await Promise.all(ROLES.map((role) => newMember(api, { projectId: project.id, role })))
  people = Object.fromEntries(ROLES.map((role, index) => [role, made[index]])) as typeof people
  stranger = await newMember(api, { projectId: (await api.newProject()).project.id, role: 'owner' })
})

afterAll(() => api.stop())

interface Case {
  name: string
  /** What a member needs; undefined: it is not for members. */
  permission: Permission | undefined
  audience: NamedPeopleOperation['for']
  /** Whether it changes nothing. */
  reads: boolean
  inputFor: (rows: Rows, peopleRows: PeopleRows) => Record<string, unknown>
}

const ofKeys = (operation: NamedOperation): Case => ({
  name: operation.name,
  permission: operation.scope,
  audience: 'member',
  reads: isQuery(operation),
  inputFor: (rows) => inputOf(operation, rows),
})

const ofPeople = (operation: NamedPeopleOperation): Case => ({
  name: operation.name,
  permission: operation.permission,
  audience: operation.for,
  reads: operation.call === 'query',
  inputFor: (_, peopleRows) => peopleInputOf(operation, peopleRows),
})

const cases = [...operationList.map(ofKeys), ...peopleOperationList.map(ofPeople)]
const forMembers = cases.filter(({ audience }) => audience === 'member')
const forOthers = cases.filter(({ audience }) => audience !== 'member')

type Scene = Awaited<ReturnType<typeof seed>>

/** A project with one of everything, in which each of the four has their role. */
async function seed(caller: Somebody) {
  const { rows } = await seedProject(api)
  const members = ROLES.map((role) => ({ project_id: rows.projectId, user_id: people[role].userId, role }))
  await api.db
    .insertInto('members')
    .values([...members, { project_id: rows.projectId, user_id: owner.userId, role: 'owner' }])
    .execute()
  return { rows, peopleRows: await seedPeople(api, { projectId: rows.projectId, ...caller }) }
}

const kept = new Map<Somebody, Promise<Scene>>()

/** A scene for calls that are refused or only read: those of one caller share it, since they must not change it. */
function sceneOf(caller: Somebody): Promise<Scene> {
  const scene = kept.get(caller) ?? seed(caller)
  kept.set(caller, scene)
  return scene
}

/** What differs between two answers that say the same. */
/** Without the id of a job that was begun: each call begins one of its own. */
const blank = ({ status, code, message, output }: SessionAnswer) => ({
  status,
  code,
  message,
  output: JSON.parse(
    JSON.stringify(output ?? null, (name, value: unknown) => (name === 'jobId' ? '' : value)),
  ) as unknown,
})

describe.each(ROLES)('a session of the role %s', (role) => {
  const holds = ({ permission }: Case) => permission !== undefined && ROLE_PERMISSIONS[role].includes(permission)

  test.each(forMembers.filter(holds))('may call $name', async ({ name, reads, inputFor }) => {
    const { rows, peopleRows } = await (reads ? sceneOf : seed)(people[role])
    const { projectId } = rows
    const answer = await people[role].browser.call(name, inputFor(rows, peopleRows), { projectId })
    expect(answer).toMatchObject({ code: undefined, status: 200 })
  })

  test.each(forMembers.filter((one) => !holds(one)))(
    'may not call $name, and leaves no trace',
    async ({ name, permission, inputFor }) => {
      const { rows, peopleRows } = await sceneOf(people[role])
      const { projectId } = rows
      const before = await snapshot(api, projectId)
      const answer = await people[role].browser.call(name, inputFor(rows, peopleRows), { projectId })
      expect(answer).toMatchObject({ code: 'ROLE_TOO_LOW', status: 403 })
      expect(answer.message).toContain(permission)
      expect(await snapshot(api, projectId)).toEqual(before)
    },
  )

  test.each(forOthers)('may call $name only where it is for everybody', async ({ name, audience, reads, inputFor }) => {
    const { rows, peopleRows } = await (reads ? sceneOf : seed)(people[role])
    const answer = await people[role].browser.call(name, inputFor(rows, peopleRows))
    expect(answer).toMatchObject(
      audience === 'instanceOwner' ? { code: 'NOT_ALLOWED', status: 403 } : { code: undefined, status: 200 },
    )
  })
})

test.each(cases)('$name without a session is refused, unless it is for anybody', async (one) => {
  const { rows, peopleRows } = await sceneOf(people.owner)
  const { projectId } = rows
  const before = await snapshot(api, projectId)
  const answer = await openBrowser(api).call(one.name, one.inputFor(rows, peopleRows), { projectId })
  expect(answer.status).toBe(one.audience === 'anyone' ? 200 : 401)
  expect(await snapshot(api, projectId)).toEqual(before)
})

test.each(forMembers)('$name needs to be told which project is meant', async ({ name, inputFor }) => {
  const { rows, peopleRows } = await sceneOf(people.owner)
  const answer = await people.owner.browser.call(name, inputFor(rows, peopleRows))
  expect(answer).toMatchObject({ code: 'PROJECT_NEEDED', status: 400 })
})

describe('a project that one is no member of answers like one that is not there', () => {
  const left = new Map<Somebody, Promise<Scene>>()

  /** A project that somebody is no member of any more, if ever. All calls about it are refused. */
  async function leftBy(who: Somebody): Promise<Scene> {
    const scene = await seed(who)
    const { projectId } = scene.rows
    await api.db.deleteFrom('members').where('project_id', '=', projectId).where('user_id', '=', who.userId).execute()
    return scene
  }

  async function expectOutside(who: Somebody, { name, inputFor }: Case) {
    left.set(who, left.get(who) ?? leftBy(who))
    const { rows, peopleRows } = await left.get(who)!
    const { projectId } = rows
    const before = await snapshot(api, projectId)
    const input = inputFor(rows, peopleRows)
    const refused = await who.browser.call(name, input, { projectId })
    const missing = await who.browser.call(name, input, { projectId: newId() })
    expect(refused).toMatchObject({ code: 'PROJECT_NOT_FOUND', status: 404 })
    expect(blank(refused)).toEqual(blank(missing))
    expect(await snapshot(api, projectId)).toEqual(before)
  }

  test.each(forMembers)('to a session of another project: $name', (one) => expectOutside(stranger, one))

  test.each(forMembers)('to a member who was removed: $name', (one) => expectOutside(people.owner, one))
})

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Operations that name something by its id. */
const naming = forMembers.filter(({ inputFor }) =>
  Object.values(inputFor(missingRows(), missingPeople())).some((value) => UUID.test(String(value))),
)

test('the operations that take ids are found', () => {
  const found = naming.map(({ name }) => name)
  expect(found).toEqual(expect.arrayContaining(['emails.get', 'keys.revoke', 'members.remove', 'members.changeRole']))
  expect(found).not.toContain('contacts.list')
})

test.each(naming)('$name answers to ids of another project as to ids that nobody has', async ({ name, inputFor }) => {
  const own = await sceneOf(people.owner)
  const theirs = await sceneOf(stranger)
  const before = await snapshot(api, theirs.rows.projectId)
  const ask = (rows: Rows, peopleRows: PeopleRows) =>
    people.owner.browser.call(name, inputFor(rows, peopleRows), { projectId: own.rows.projectId })
  const foreign = await ask(theirs.rows, theirs.peopleRows)
  expect(blank(foreign)).toEqual(blank(await ask(missingRows(), missingPeople())))
  expect(await snapshot(api, theirs.rows.projectId)).toEqual(before)
})

test('the owner of the instance sees it, and nothing of a project that they do not work on', async () => {
  const { rows, peopleRows } = await seed(owner)
  for (const { name, inputFor } of cases.filter(({ audience }) => audience === 'instanceOwner')) {
    const answer = await owner.browser.call(name, inputFor(rows, peopleRows))
    expect(answer).toMatchObject({ code: undefined, status: 200 })
  }
  const { project } = await api.newProject()
  expect(await owner.browser.trpc('project.get', {}, { projectId: project.id })).toMatchObject({
    code: 'PROJECT_NOT_FOUND',
  })
})
