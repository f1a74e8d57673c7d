import { invoke } from '@posthorn/services'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { exitOf, spawnPosthorn } from '../../test/posthorn-process.ts'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

test('every waiting mail is told with its reason, to programs, to people and to readers who leave early', async () => {
  const { project } = await scene.newProject()
  const ctx = scene.contextOf(project.id)
  const batch = Array.from({ length: 100 }, (_, index) => ({
    to: `a${index}@example.com`,
    subject: 'Hello',
    text: 'Hi',
  }))
  for (let count = 0; count < 6; count += 1) await invoke(ctx, ['emails', 'sendBatch'], { emails: batch })

  const reader = spawnPosthorn(['emails', 'why'], scene.settings)
  reader.stdout.once('data', () => reader.stdout.destroy())
  const [json, plain, few, exit] = await Promise.all([
    scene.json(['emails', 'why']),
    scene.posthorn(['emails', 'why', '--project', 'Acme']),
    scene.json(['emails', 'why', '--limit', '3']),
    exitOf(reader),
  ])
  expect(json.data).toHaveLength(600)
  expect(json.data[0]).toEqual({
    projectId: project.id,
    id: expect.any(String),
    to: 'a0@example.com',
    subject: 'Hello',
    status: 'queued',
    why: 'It is due and waits for its turn.',
    attempts: 0,
    nextAttemptAt: expect.stringMatching(/^\d{4}-.*Z$/),
  })
  const [headings, ...lines] = plain.stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(600)
  expect(new Set(lines.map((line) => line.indexOf('It is due')))).toEqual(new Set([headings?.indexOf('WHY')]))
  expect(few.data).toEqual(json.data.slice(0, 3))
  expect(exit).toBe(0)
  await sql`delete from outbox`.execute(scene.db)
  expect(await scene.posthorn(['emails', 'why'])).toMatchObject({ code: 0, stdout: 'No mail waits.\n' })
  expect(await scene.json(['emails', 'why'])).toEqual({ data: [] })
})
