import { expect, test } from 'vitest'
import { refusal, startScripted, type Scripted } from '../test/scripted-server.ts'
import { Posthorn, PosthornError } from './index.ts'

async function start(...script: Scripted[]) {
  const server = await startScripted(...script)
  return { server, posthorn: new Posthorn({ apiKey: 'sk_ph_test', baseUrl: server.baseUrl }) }
}

const page = (ids: string[], cursor: string | null) => ({
  json: { data: ids.map((id) => ({ id })), cursor, hasMore: cursor !== null },
})

test('awaiting a list gives its first page', async () => {
  const { server, posthorn } = await start(page(['1', '2'], 'next'))
  expect(await posthorn.contacts.list({ limit: 2 })).toEqual({
    data: [{ id: '1' }, { id: '2' }],
    cursor: 'next',
    hasMore: true,
  })
  expect(server.seen).toHaveLength(1)
})

test('walking a list goes through all pages with the same query, and asks for no page twice', async () => {
  const { server, posthorn } = await start(page(['1', '2'], 'a'), page([], 'b'), page(['3'], null))
  const ids: string[] = []
  for await (const email of posthorn.emails.list({ limit: 2, status: 'sent' })) ids.push(email.id)
  expect(ids).toEqual(['1', '2', '3'])
  expect(server.seen.map(({ url }) => url)).toEqual([
    '/v1/emails?limit=2&status=sent',
    '/v1/emails?limit=2&status=sent&cursor=a',
    '/v1/emails?limit=2&status=sent&cursor=b',
  ])
})

test('leaving the walk early fetches nothing more', async () => {
  const { server, posthorn } = await start(page(['1', '2'], 'a'))
  for await (const event of posthorn.events.list()) if (event.id === '1') break
  expect(server.seen).toHaveLength(1)
})

test('a list that fails on a later page throws in the walk', async () => {
  const { posthorn } = await start(page(['1'], 'a'), refusal(400, 'BAD_REQUEST'))
  const ids: string[] = []
  const walk = async () => {
    for await (const { id } of posthorn.contacts.list()) ids.push(id)
  }
  await expect(walk()).rejects.toBeInstanceOf(PosthornError)
  expect(ids).toEqual(['1'])
})

test('the HTTP response is there for those who ask, with the data beside it', async () => {
  const { server, posthorn } = await start({ json: { id: 'p' }, headers: { 'idempotency-replayed': 'true' } })
  const { data, response } = await posthorn.project.get().withResponse()
  expect(data).toEqual({ id: 'p' })
  expect(response.status).toBe(200)
  expect(response.headers.get('idempotency-replayed')).toBe('true')
  expect(server.seen).toHaveLength(1)
})

test('an answer is a promise in every respect', async () => {
  const { posthorn } = await start({ json: { id: 'p' } })
  const answer = posthorn.project.get()
  expect(answer).toBeInstanceOf(Promise)
  expect(await Promise.all([answer, answer])).toEqual([{ id: 'p' }, { id: 'p' }])
  expect(await answer.then(({ id }) => id)).toBe('p')
  let ended = false
  await answer.finally(() => (ended = true))
  expect(ended).toBe(true)
})

test('a call that fails unheard is reported as such, once', async () => {
  const { posthorn } = await start(refusal(404, 'EMAIL_NOT_FOUND'))
  const reports: unknown[] = []
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  const reported = new Promise<void>((resolve) => {
    process.on('unhandledRejection', (reason) => {
      reports.push(reason)
      resolve()
    })
  })
  try {
    void posthorn.emails.get('1')
    await posthorn.emails
      .get('2')
      .withResponse()
      .catch(() => {})
    await posthorn.emails.get('3').catch(() => {})
    await reported
    expect(reports).toHaveLength(1)
  } finally {
    process.removeAllListeners('unhandledRejection')
    for (const other of others) process.on('unhandledRejection', other)
  }
})
