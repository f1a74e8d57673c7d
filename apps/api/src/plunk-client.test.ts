import { createRequire } from 'node:module'
import type { Plunk as PlunkClient } from '@plunk/node/dist/lib/Plunk.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

// The package is CommonJS with a default export, and what `import` makes of that depends on the bundler.
const require = createRequire(import.meta.url)
const { default: Plunk } = require('@plunk/node') as { default: typeof PlunkClient }
const { TokenError } = require('@plunk/node/dist/errors/TokenError.js')

let api: TestApi
let secretKey: string
let publicKey: string

beforeAll(async () => {
  api = await startTestApi()
  ;({ secretKey, publicKey } = await api.newProject())
})

afterAll(() => api.stop())

const plunk = (key: string, url = api.url) => new Plunk(key, { baseUrl: `${url}/v1/` })
// Safe because the client passes on fields that its types do not know, and its users in JavaScript give them.
const mail = (fields: object) => fields as Parameters<PlunkClient['emails']['send']>[0]
const get = async (path: string) => (await call(`GET ${api.url}${path}`, { key: secretKey })).body

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof Error) return error
  throw new Error('Expected an error.')
}

const TIMESTAMP = expect.stringMatching(/^\d{4}-.*Z$/)
const ID = expect.stringMatching(/^[\da-f]{8}-[\da-f-]{27}$/)

test('Plunk’s client sends mail, and gets both dialects of the answer', async () => {
  const emails = [{ contact: { id: ID, email: 'ada@example.com' }, email: ID }]
  const sent = await plunk(secretKey).emails.send(
    mail({
      to: 'ada@example.com',
      subject: 'Hello',
      body: '<p>Hi</p>',
      from: 'hello@acme.example',
      name: 'Acme',
      reply: 'help@acme.example',
      subscribed: true,
      headers: { 'X-Thing': 'a' },
    }),
  )
  expect(sent).toEqual({
    success: true,
    data: { emails, captured: true, timestamp: TIMESTAMP },
    emails,
    captured: true,
    timestamp: TIMESTAMP,
  })
  const [email] = (await get('/v1/emails?to=ada@example.com')).data
  expect(email).toMatchObject({ subject: 'Hello', from: { email: 'hello@acme.example', name: 'Acme' } })
  expect(await get(`/v1/emails/${email.id}`)).toMatchObject({
    html: '<p>Hi</p>',
    replyTo: { email: 'help@acme.example' },
    headers: { 'X-Thing': 'a' },
  })
  expect(await get('/v1/contacts/ada@example.com')).toMatchObject({ subscribed: true })
})

test('Plunk’s client sends to several, and with attachments', async () => {
  const sent = await plunk(secretKey).emails.send(
    mail({
      to: ['grace@example.com', 'alan@example.com'],
      subject: 'Hello',
      body: '<p>Hi</p>',
      attachments: [{ filename: 'a.txt', content: 'aGk=', contentType: 'text/plain' }],
    }),
  )
  expect(sent).toMatchObject({
    emails: [{ contact: { email: 'grace@example.com' } }, { contact: { email: 'alan@example.com' } }],
  })
})

test('the type that Plunk’s client gives is HTML, and Markdown is not mailed as it is written', async () => {
  const typed = (type: string) =>
    plunk(secretKey).emails.send(mail({ to: 'typed@example.com', subject: 'Hello', body: '# Hi', type }))
  expect(await typed('html')).toMatchObject({ success: true })
  for (const type of ['markdown', 'nonsense']) {
    expect((await errorOf(typed(type))).message).toMatch(/`type`: Only `html` is taken: render Markdown to HTML/)
  }
  expect((await get('/v1/emails?to=typed@example.com')).data).toHaveLength(1)
})

test.each(['secret', 'public'])('Plunk’s client reports events with a %s key', async (kind) => {
  const email = `${kind}@example.com`
  const key = kind === 'secret' ? secretKey : publicKey
  const tracked = await plunk(key).events.track({ event: 'signed-up', email, data: { plan: 'free' } })
  expect(tracked).toEqual({
    success: true,
    data: { contact: ID, event: ID, timestamp: TIMESTAMP },
    contact: ID,
    event: ID,
    timestamp: TIMESTAMP,
  })
  expect(await get(`/v1/contacts/${email}`)).toMatchObject({ subscribed: true, data: { plan: 'free' } })
  await plunk(key).events.track({ event: 'left', email, subscribed: false })
  // Anybody can read the public key off a page, so it describes new contacts and changes nothing of known ones.
  expect(await get(`/v1/contacts/${email}`)).toMatchObject({ subscribed: kind === 'public', data: { plan: 'free' } })
})

test('a key that is wrong is a TokenError with our words', async () => {
  for (const key of ['', 'sk_wrong', 'sk_ph_0000', publicKey]) {
    const error = await errorOf(plunk(key).emails.send({ to: 'ada@example.com', subject: 'Hello', body: 'Hi' }))
    expect(error).toBeInstanceOf(TokenError)
    expect(error.message).toMatch(/Authorization header|secret key/)
  }
})

test('any other refusal is an Error with our words, never an unknown one', async () => {
  const wrong = await errorOf(plunk(secretKey).emails.send({ to: 'nobody', subject: 'Hello', body: 'Hi' }))
  expect(wrong.message).toBe(
    'The request has fields that are missing or wrong: `to`: Not an e-mail address: expected name@domain.',
  )
  const reserved = await errorOf(plunk(publicKey).events.track({ event: 'email.sent', email: 'ada@example.com' }))
  expect(reserved.message).toMatch(/missing or wrong: `event`: Posthorn reports this event itself/)
  const notFound = await errorOf(
    plunk(secretKey, `${api.url}/nowhere`).emails.send({ to: 'a@b.co', subject: 'a', body: 'a' }),
  )
  expect(notFound.message).toMatch(/Nothing lives at this address/)
})

test('a sender that the project may not use is refused with our words, once mail leaves for a relay', async () => {
  const relaying = await startTestApi({ databaseUrl: api.databaseUrl, captures: false })
  const error = await errorOf(
    plunk(secretKey, relaying.url).emails.send({
      to: 'ada@example.com',
      from: 'me@elsewhere.example',
      subject: 'a',
      body: 'a',
    }),
  )
  const inbox = await call(`GET ${relaying.url}/v1/inbox`, { key: secretKey })
  await relaying.stop()
  expect(error.message).toBe('This project may not send from elsewhere.example.')
  expect(inbox).toMatchObject({ status: 404, body: { error: { code: 'INBOX_OFF' } } })
})
