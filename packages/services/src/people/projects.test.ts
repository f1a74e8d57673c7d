import { LIMITS } from '@posthorn/contracts'
import { claim, lanes, STREAMS } from '@posthorn/outbox'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anotherConnection, SECRET, testInstance, type TestInstance } from '../../test/instance.ts'
import { atOnce, auditOf, memberContext, testMember, testPerson, type TestPerson } from '../../test/people.ts'
import { newId } from '../ids.ts'
import { getProject, listProjects } from '../instance.ts'
import { invoke } from '../invoke.ts'
import { authenticate } from '../keys/authenticate.ts'
import { createRuntime } from '../runtime.ts'
import { ownProject } from './own-project.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})

afterAll(() => instance.close())

const list = async (who: TestPerson) => (await who.call(['projects', 'list'], {})).data
const create = (who: TestPerson, name: string) => who.call(['projects', 'create'], { name })
const works = (key: string, runtime = instance.runtime) =>
  authenticate(runtime, { authorization: `Bearer ${key}`, ip: undefined }).then(
    () => true,
    () => false,
  )

describe('creating a project', () => {
  test('makes it with two keys, and the one who asked owns it', async () => {
    const person = await testPerson(instance, { isInstanceOwner: true })
    const made = await create(person, ' Shop ')
    expect(made).toEqual({ id: expect.any(String), name: 'Shop' })
    expect(await list(person)).toEqual([
      { id: made.id, name: 'Shop', role: 'owner', createdAt: expect.any(String), deletion: null },
    ])
    const keys = await invoke(await memberContext(instance, person.session, made.id), ['keys', 'list'], {})
    expect(keys.data.map(({ kind }) => kind)).toEqual(['public', 'secret'])
    expect(await auditOf(instance, made.id)).toEqual([
      {
        action: 'project.created',
        actor: { kind: 'user', id: person.id, name: person.name },
        target: made.id,
        detail: { name: 'Shop' },
        ip: '203.0.113.9',
      },
    ])
    await instance.db.updateTable('auth.users').set({ is_instance_owner: false }).where('id', '=', person.id).execute()
  })

  test('is for those who work on a project here, where sign-up is closed', async () => {
    const stranger = await testPerson(instance)
    await expect(create(stranger, 'Mine')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await list(stranger)).toEqual([])
    const { id } = await instance.project()
    const viewer = await testMember(instance, id, 'viewer')
    await create(viewer, 'Mine')
    expect((await list(viewer)).map(({ name, role }) => [name, role])).toEqual([
      ['Mine', 'owner'],
      ['Test', 'viewer'],
    ])
  })

  test('is for everybody where sign-up is open', async () => {
    const open = await testInstance({ signUps: 'open' })
    const stranger = await testPerson(open)
    await create(stranger, 'Mine')
    expect((await stranger.call(['projects', 'list'], {})).data).toHaveLength(1)
    await open.close()
  })

  test('is slow for who makes very many, and free for the owner of the instance', async () => {
    const { id } = await instance.project()
    const person = await testMember(instance, id, 'member')
    const other = await testMember(instance, id, 'member')
    const noted = (userId: string, hoursAgo: number, times: number) =>
      sql`
      insert into auth.account_log (user_id, id, at, action, detail)
      select ${userId}, uuidv7(), now() - make_interval(hours => ${hoursAgo}), 'project-made', '{}'
      from generate_series(1, ${times}::integer)
    `.execute(instance.db)
    await noted(person.id, 25, LIMITS.projectsPerDay)
    await noted(person.id, 21, 1)
    await noted(person.id, 2, LIMITS.projectsPerDay - 2)
    // Of two at once the second is counted against the first.
    const calls = ['One', 'Two'].map((name) => () => create(person, name))
    const outcomes = await atOnce(instance, { userId: person.id }, calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      {
        reason: {
          code: 'TOO_MANY_TRIES',
          message: `One person makes at most ${LIMITS.projectsPerDay} projects within 24 hours.`,
          suggestion: 'Try again in 3 hours, or ask the owner of this Posthorn.',
          retryAfterSeconds: expect.closeTo(3 * 3600, -3),
        },
      },
    ])
    await create(other, 'Mine')
    await instance.db.updateTable('auth.users').set({ is_instance_owner: true }).where('id', '=', person.id).execute()
    await create(person, 'Three')
    await instance.db.updateTable('auth.users').set({ is_instance_owner: false }).where('id', '=', person.id).execute()
  })

  test.each(['', '  ', 'x'.repeat(101), 'a\r\nBcc: x'])('%j is no name', async (name) => {
    const { id } = await instance.project()
    const member = await testMember(instance, id, 'member')
    await expect(create(member, name)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  })
})

describe('deleting a project', () => {
  async function doomed() {
    const project = await instance.project('Doomed')
    const owner = await testMember(instance, project.id, 'owner')
    const erase = (confirm = 'Doomed') => owner.call(['projects', 'delete'], { confirm }, project.id)
    return { project, owner, erase }
  }

  test('needs its name, letter by letter', async () => {
    const { project, owner, erase } = await doomed()
    for (const wrong of ['', 'doomed', 'Doomed ', 'Doome', project.id]) {
      await expect(erase(wrong)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    }
    expect(await list(owner)).toMatchObject([{ id: project.id, deletion: null }])
    expect(await works(project.secretKey)).toBe(true)
  })

  test('needs a recent proof, and an owner', async () => {
    const { project } = await doomed()
    const stale = await testMember(instance, project.id, 'owner', { provenSecondsAgo: 3600 })
    const admin = await testMember(instance, project.id, 'admin')
    const erase = (who: TestPerson) => who.call(['projects', 'delete'], { confirm: 'Doomed' }, project.id)
    await expect(erase(stale)).rejects.toMatchObject({ code: 'PROOF_NEEDED' })
    await expect(erase(admin)).rejects.toMatchObject({ code: 'ROLE_TOO_LOW' })
    expect(await works(project.secretKey)).toBe(true)
  })

  test('is refused for the one that Posthorn’s own mail is sent from, which nobody can join either', async () => {
    const id = await ownProject(instance.db)
    const owner = await testMember(instance, id, 'owner')
    await expect(owner.call(['projects', 'delete'], { confirm: 'Posthorn' }, id)).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    })
    const invite = owner.call(['members', 'invite'], { email: 'eve@example.com', role: 'viewer' }, id)
    await expect(invite).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  })

  test('ends its keys and its members at once, in every process', async () => {
    const { project, owner, erase } = await doomed()
    const member = await testMember(instance, project.id, 'member')
    const elsewhere = createRuntime({ db: anotherConnection(instance), secret: SECRET, captures: true })
    expect(await works(project.secretKey, elsewhere)).toBe(true)
    expect(await erase()).toEqual({ id: project.id })
    for (const runtime of [instance.runtime, elsewhere]) {
      for (const key of [project.secretKey, project.publicKey]) expect(await works(key, runtime)).toBe(false)
    }
    for (const who of [owner, member]) {
      const missing = await who.call(['members', 'list'], {}, newId()).catch((error: unknown) => error)
      expect(await who.call(['members', 'list'], {}, project.id).catch((error: unknown) => error)).toEqual(missing)
    }
    expect(await list(member)).toEqual([])
    await elsewhere.close()
  })

  test('makes a key dead that a call made which was under way', async () => {
    const { project, erase } = await doomed()
    await erase()
    const late = await project.call(['keys', 'create'], { name: 'Late' })
    expect(await works(late.key)).toBe(false)
  })

  test('keeps its mail from being sent', async () => {
    const { project, erase } = await doomed()
    await project.call(['emails', 'send'], { to: 'ada@example.com', subject: 'Hello', text: 'Hello' })
    const stream = STREAMS.transactional
    expect((await lanes(instance.db)).map(({ projectId }) => projectId)).toContain(project.id)
    await erase()
    expect((await lanes(instance.db)).map(({ projectId }) => projectId)).not.toContain(project.id)
    expect(await claim(instance.db, { projectId: project.id, stream, limit: 10, token: newId() })).toEqual([])
  })

  test('shows how far it is to who asked for it, and to nobody else', async () => {
    const { project, owner, erase } = await doomed()
    const other = await testMember(instance, project.id, 'owner')
    for (let count = 0; count < 3; count += 1) {
      await project.call(['contacts', 'upsert'], { email: `c${count}@example.com` })
    }
    await erase()
    const [shown] = await list(owner)
    // Three contacts, what counts them, and two keys.
    expect(shown).toMatchObject({ id: project.id, name: 'Doomed', deletion: { doneRows: 0, totalRows: 6 } })
    expect(await list(other)).toEqual([])
  })

  test('hides it from the operator, and frees its name', async () => {
    const project = await instance.project('Once')
    const owner = await testMember(instance, project.id, 'owner')
    await owner.call(['projects', 'delete'], { confirm: 'Once' }, project.id)
    expect((await listProjects(instance.db)).map(({ id }) => id)).not.toContain(project.id)
    await expect(getProject(instance.db, project.id)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
    await expect(project.call(['project', 'get'], {})).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  })

  test('queues one job, in the same transaction, and is kept in the audit log', async () => {
    const { project, owner, erase } = await doomed()
    const outcomes = await Promise.allSettled([erase(), erase()])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const { rows } = await sql`
      select state from jobs.job where name = 'project-deletion' and data->>'projectId' = ${project.id}
    `.execute(instance.db)
    expect(rows).toEqual([{ state: 'created' }])
    expect((await auditOf(instance, project.id)).at(-1)).toMatchObject({
      action: 'project.deleted',
      actor: { kind: 'user', id: owner.id },
      detail: { name: 'Doomed' },
    })
  })
})
