import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance } from '../../test/instance.ts'
import { auditOf, testMember, testPerson, type TestPerson } from '../../test/people.ts'
import { insertAudit } from '../audit.ts'
import { newId } from '../ids.ts'
import { forgetDeletedProjects } from './deleted-projects.ts'
import { deleteProject } from './deletion.ts'

let instance: TestInstance
let owner: TestPerson

beforeAll(async () => {
  instance = await testInstance()
  owner = await testPerson(instance, { isInstanceOwner: true })
})

beforeEach(async () => {
  await aged(sql`delete from deleted_projects`)
})

afterAll(() => instance.close())

const never = new AbortController().signal

/** A project that one of its own owners has deleted, and that owner. */
async function deleted(name = 'Doomed') {
  const { id } = await instance.project(name)
  const boss = await testMember(instance, id, 'owner')
  await boss.call(['projects', 'delete'], { confirm: name }, id)
  return { id, boss }
}

const erase = (id: string) => deleteProject(instance.db, id, { signal: never, afterglowSeconds: 0 })

/** Does what the table refuses to everybody, so that time seems to have passed. */
async function aged(statement: ReturnType<typeof sql>) {
  await sql`alter table deleted_projects disable trigger user`.execute(instance.db)
  await statement.execute(instance.db)
  await sql`alter table deleted_projects enable trigger user`.execute(instance.db)
}

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ code, message }: { code: string; message: string }) => ({ code, message }),
  )

test('the owner of the instance sees the projects that were deleted, last first, page by page', async () => {
  const ids = []
  for (const name of ['One', 'Two', 'Three']) ids.push((await deleted(name)).id)
  await erase(ids[1]!)
  const first = await owner.call(['instance', 'deletedProjects'], { limit: 2 })
  const rest = await owner.call(['instance', 'deletedProjects'], { limit: 2, cursor: first.cursor as string })
  expect([...first.data, ...rest.data].map(({ projectId, name, isGone }) => [projectId, name, isGone])).toEqual([
    [ids[2], 'Three', false],
    [ids[1], 'Two', true],
    [ids[0], 'One', false],
  ])
  const projectId = ids[1]!
  expect(await owner.call(['instance', 'deletedProject'], { projectId })).toEqual(first.data[1])
  const { deletedAt, auditKeptUntil } = first.data[0]!
  expect((Date.parse(auditKeptUntil) - Date.parse(deletedAt)) / 86_400_000).toBeCloseTo(LIMITS.deletedAuditDays, 0)
})

test('what was done in a project can be read, narrowed and exported when all else of it is gone', async () => {
  const { id, boss } = await deleted()
  await erase(id)
  const { data } = await owner.call(['instance', 'auditOf'], { projectId: id })
  expect(data).toMatchObject([
    { action: 'project.deleted', actor: { kind: 'user', id: boss.id, name: boss.name }, ip: '203.0.113.9' },
    { action: 'project.created', actor: { kind: 'system' } },
  ])
  const narrowed = await owner.call(['instance', 'auditOf'], { projectId: id, action: 'project.created' })
  expect(narrowed.data).toEqual([data[1]])

  const page = await owner.call(['instance', 'exportAuditOf'], { projectId: id, limit: 1 })
  const rest = await owner.call(['instance', 'exportAuditOf'], { projectId: id, cursor: page.cursor as string })
  const lines = (page.csv + rest.csv).trimEnd().split('\r\n')
  expect(lines.map((line) => line.split(',')[5])).toEqual(['action', 'project.deleted', 'project.created'])
  expect((await auditOf(instance, id)).slice(2)).toMatchObject([
    { action: 'audit.exported', actor: { kind: 'user', id: owner.id }, ip: '203.0.113.9' },
  ])
})

test('a project that lives is to the owner of the instance as one that is missing', async () => {
  const { id } = await instance.project()
  for (const verb of ['deletedProject', 'auditOf', 'exportAuditOf'] as const) {
    const ask = (projectId: string) => refusalOf(owner.call(['instance', verb], { projectId }))
    expect(await ask(id)).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
    expect(await ask(id)).toEqual(await ask(newId()))
  }
  expect(await auditOf(instance, id)).toHaveLength(1)
})

test('everybody else gets one answer, also who owned the project, whether there is such a log or not', async () => {
  const { id, boss } = await deleted()
  for (const person of [boss, await testPerson(instance)]) {
    for (const verb of ['deletedProject', 'auditOf', 'exportAuditOf'] as const) {
      const ask = (projectId: string) => refusalOf(person.call(['instance', verb], { projectId }))
      expect(await ask(id)).toMatchObject({ code: 'NOT_ALLOWED' })
      expect(await ask(id)).toEqual(await ask(newId()))
    }
    expect(await refusalOf(person.call(['instance', 'deletedProjects'], {}))).toMatchObject({ code: 'NOT_ALLOWED' })
  }
})

describe('the time that a log is kept', () => {
  const logOf = async (id: string) => (await auditOf(instance, id)).length
  const pass = (id: string) =>
    aged(sql`
      update deleted_projects set deleted_at = now() - interval '401 days', audit_kept_until = now() - interval '1 day'
      where project_id = ${id}
    `)

  test('ends it, in batches, and no other log', async () => {
    const [over, unfinished, kept] = [await deleted(), await deleted(), await deleted()]
    const living = await instance.project()
    for (let count = 0; count < 3; count += 1) {
      await insertAudit(instance.db, { projectId: over.id, actor: { kind: 'system' }, action: 'x', target: 'y' })
    }
    await erase(over.id)
    await erase(kept.id)
    await pass(over.id)
    // Its deletion is not through: nobody has looked at it for a year.
    await pass(unfinished.id)
    await forgetDeletedProjects(instance.db, never, 2)
    expect(await logOf(over.id)).toBe(0)
    for (const { id } of [unfinished, kept]) expect(await logOf(id)).toBe(2)
    expect(await logOf(living.id)).toBe(1)
    const { data } = await owner.call(['instance', 'deletedProjects'], {})
    expect(data.map(({ projectId }) => projectId)).toEqual([kept.id, unfinished.id])
  })

  test('cannot be ended early by who covers traces', async () => {
    const { id } = await deleted()
    await erase(id)
    const { id: living } = await instance.project()
    const long = sql`now() - interval '3 years', now() - interval '1 year'`
    for (const statement of [
      sql`delete from audit_log where project_id = ${id}`,
      sql`delete from audit_log where project_id = ${living}`,
      sql`delete from deleted_projects`,
      sql`truncate deleted_projects`,
      sql`update deleted_projects set audit_kept_until = deleted_at + interval '1 year'`,
      sql`insert into deleted_projects values (${living}, ${living}, 'x', ${long})`,
    ]) {
      await expect(statement.execute(instance.db)).rejects.toThrow('the audit log is append-only')
    }
    await expect(
      sql`insert into deleted_projects values (${living}, ${living}, 'x', now(), now())`.execute(instance.db),
    ).rejects.toThrow('check')
    expect([await logOf(id), await logOf(living)]).toEqual([2, 1])
  })
})
