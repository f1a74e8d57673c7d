import { invoke, KEY_GOOD_FOR_MS, newId, systemActor } from '@posthorn/services'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { refusalOf, trpcRefusalOf } from '../test/refusal.ts'
import { startTestApi } from '../test/start-test-api.ts'
import { uploadBudget } from './uploads.ts'

const BODY = JSON.stringify({ to: 'ada@example.com', subject: 'Hello', text: 'Hi' })

test.each([
  ['/v1/send', refusalOf],
  ['/trpc/emails.send', trpcRefusalOf],
])('a key that is revoked while its request arrives at %s is refused, and nothing is sent', async (path, codeOf) => {
  const budget = uploadBudget({ megabytes: 64 })
  const letIn = Promise.withResolvers<void>()
  const api = await startTestApi({
    uploads: {
      reservedBytes: 0,
      reserve(upload, until) {
        letIn.resolve()
        return budget.reserve(upload, until)
      },
    },
  })
  onTestFinished(() => api.stop())
  const { project } = await api.newProject()
  const { id, key } = await api.newKey(project.id)

  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const body = writable.getWriter()
  const answered = fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: readable,
    duplex: 'half',
  })
  void body.write(Buffer.from(BODY.slice(0, 10)))
  // Room is made for a body of unknown length, once its key was found good.
  await letIn.promise
  const foundAt = performance.now()
  const operator = { db: api.db, runtime: api.runtime, actor: systemActor(project.id), requestId: newId() }
  await invoke(operator, ['keys', 'revoke'], { id })
  await expect.poll(() => performance.now() - foundAt).toBeGreaterThan(KEY_GOOD_FOR_MS)
  await body.write(Buffer.from(BODY.slice(10)))
  await body.close()

  const answer = await answered
  expect(codeOf({ status: answer.status, headers: answer.headers, body: await answer.json() })).toBe('INVALID_API_KEY')
  const { rows } = await sql`select from emails`.execute(api.db)
  expect(rows).toEqual([])
})
