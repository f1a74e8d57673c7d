import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

test('a trusted domain is kept in its one form', async () => {
  const { project } = await scene.newProject()
  const trusted = await scene.json(['domain', 'trust', 'Bücher.Example'])
  expect(trusted).toEqual({ project, domain: 'xn--bcher-kva.example' })
  const rows = await scene.db.selectFrom('domains').select('domain').where('project_id', '=', project.id).execute()
  expect(rows).toEqual([{ domain: 'xn--bcher-kva.example' }])
})

test('a domain is listed while a project may send from it, and not after', async () => {
  const { project } = await scene.newProject()
  await scene.json(['domain', 'trust', 'example.com'])
  const listed = await scene.json(['domain', 'list'])
  expect(listed).toEqual({ project, data: [{ domain: 'example.com', trustedAt: expect.stringMatching(/Z$/) }] })
  expect((await scene.posthorn(['domain', 'list', '--project', 'Acme'])).stdout).toMatch(
    /^DOMAIN +TRUSTED SINCE\nexample\.com +\d{4}-\S+Z\n$/,
  )

  expect(await scene.json(['domain', 'distrust', 'EXAMPLE.com'])).toEqual({
    project,
    domain: 'example.com',
  })
  expect((await scene.json(['domain', 'list'])).data).toEqual([])
  expect(await scene.posthorn(['domain', 'distrust', 'example.com'])).toMatchObject({
    code: 2,
    stderr: 'the domain: The project does not send from example.com.\n',
  })
  const audit = scene.db.selectFrom('audit_log').select('action').where('project_id', '=', project.id)
  expect(await audit.where('target', '=', 'example.com').orderBy('id').execute()).toEqual([
    { action: 'domain.trusted' },
    { action: 'domain.distrusted' },
  ])
})
