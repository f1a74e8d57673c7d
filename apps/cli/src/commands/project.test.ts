import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

test('a project comes with two keys that work', async () => {
  const { code, stdout, stderr } = await scene.posthorn(['project', 'create', '--name', ' Acme '])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Project +Acme\nId +\S+\nSecret key +sk_ph_\w{38}\nPublic key +pk_ph_\w{38}\n$/)

  const made = await scene.json(['project', 'create', '--name', 'Other'])
  expect(made).toEqual({
    project: { id: expect.any(String), name: 'Other' },
    secretKey: expect.stringMatching(/^sk_ph_/),
    publicKey: expect.stringMatching(/^pk_ph_/),
  })
  expect(await scene.actorOf(made.secretKey)).toMatchObject({ projectId: made.project.id, keyKind: 'secret' })
  expect(await scene.actorOf(made.publicKey)).toMatchObject({ projectId: made.project.id, keyKind: 'public' })
  expect((await scene.json(['project', 'list'])).data).toContainEqual({ ...made.project, deletion: null })
})

test('the project may be left out only where there is exactly one', async () => {
  expect(await scene.posthorn(['key', 'list'])).toMatchObject({
    code: 1,
    stderr: 'There is no project yet: run pnpm posthorn project create --name NAME.\n',
  })
  const { project } = await scene.newProject('One')
  await scene.newProject('Two')
  const [none, byName, byId, wrong] = await Promise.all([
    scene.posthorn(['key', 'list']),
    scene.json(['key', 'list', '--project', 'One']),
    scene.json(['key', 'list', '--project', project.id]),
    scene.posthorn(['key', 'list', '--project', 'Three', '--json']),
  ])
  expect(none).toMatchObject({ code: 2, stdout: '', stderr: 'There are 2 projects: name one with --project.\n' })
  expect(byName).toEqual(byId)
  expect(wrong.code).toBe(1)
  expect(JSON.parse(wrong.stderr)).toEqual({
    error: { code: 'PROJECT_NOT_FOUND', message: 'There is no project Three.' },
  })
})

test('a name cannot command the terminal', async () => {
  const { project } = await scene.newProject()
  await sql`update projects set name = ${'Evil\u001b[2J\r\u0007 name'}`.execute(scene.db)
  const { stdout } = await scene.posthorn(['project', 'list'])
  expect(stdout).toContain(project.id)
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/)
})

const isListed = async (id: string) => {
  const { data } = await scene.json(['project', 'list'])
  return data.find((one: { id: string }) => one.id === id)
}

test('a project is deleted once somebody has typed its name, and its keys are dead with that', async () => {
  const { project, secretKey } = await scene.newProject()
  const other = await scene.newProject('Other')
  const wrong = await scene.posthorn(['project', 'delete', project.id], {}, 'acme\n')
  expect(wrong).toMatchObject({ code: 1, stdout: '' })
  expect(wrong.stderr).toMatch(/^This ends Acme \(.*Type its name to go on: This is not the name of the project\./)
  expect(await scene.posthorn(['project', 'delete', 'Acme'], {}, '')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Nothing was typed'),
  })
  await scene.actorOf(secretKey)

  const { code, stdout } = await scene.posthorn(['project', 'delete', 'Acme'], {}, 'Acme\n')
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^Acme has ended, .* pnpm posthorn project list shows how far they are\.\n$/),
  })
  await expect(scene.actorOf(secretKey)).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
  await scene.actorOf(other.secretKey)
  expect(await isListed(project.id)).toMatchObject({ deletion: { doneRows: 0, totalRows: expect.any(Number) } })
  expect((await scene.posthorn(['project', 'list'])).stdout).toMatch(/Acme +being deleted: 0 of \d+ rows are gone\n/)
  const jobs = sql<{ data: object }>`select data from jobs.job where name = 'project-deletion'`.execute(scene.db)
  expect((await jobs).rows).toEqual([{ data: { projectId: project.id } }])
  const { rows } = await sql`select actor from audit_log where action = 'project.deleted'`.execute(scene.db)
  expect(rows).toEqual([{ actor: { kind: 'system' } }])
})

test('a script names the project with --yes, and is not asked', async () => {
  const { project } = await scene.newProject()
  const unsaid = await scene.posthorn(['project', 'delete', 'Acme', '--json'])
  expect(unsaid.code).toBe(2)
  expect(JSON.parse(unsaid.stderr).error).toEqual({ code: 'USAGE', message: expect.stringContaining('--yes NAME') })
  expect(await scene.posthorn(['project', 'delete', 'Acme', '--yes', 'Other'])).toMatchObject({ code: 1, stdout: '' })
  expect(await isListed(project.id)).toMatchObject({ deletion: null })

  const deleted = ['project', 'delete', project.id, '--yes', 'Acme']
  expect(await scene.json(deleted)).toEqual({ project })
  expect(await scene.posthorn(deleted)).toMatchObject({ code: 1, stderr: `There is no project ${project.id}.\n` })
})

test('the project of Posthorn’s own mail is neither listed nor deleted', async () => {
  await scene.newProject()
  await scene.json(['member', 'add', 'ada@example.com'])
  const own = await sql<{ id: string }>`select own_project_id as id from instance_setup`.execute(scene.db)
  expect(await isListed(own.rows[0]!.id)).toBeUndefined()
  expect(await scene.posthorn(['project', 'delete', 'Posthorn', '--yes', 'Posthorn'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('own mail is sent from this project'),
  })
})
