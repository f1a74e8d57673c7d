import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { trustDomain } from './domains.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance({ captures: false })
  project = await instance.project('Acme & Söhne')
  await trustDomain(instance.db, project.id, 'Example.COM')
  await trustDomain(instance.db, project.id, 'bücher.de')
})

afterAll(() => instance.close())

const MAIL = { to: 'ada@example.net', subject: 'Hello', text: 'Hello' }

async function senderOf(change: object, one = project) {
  const { emails, captured } = await one.call(['emails', 'send'], { ...MAIL, ...change })
  expect(captured).toBe(one.context().runtime.captures)
  return (await one.call(['emails', 'get'], { id: emails[0]!.email })).from
}

test.each([
  ['ada@example.com', 'ada@example.com'],
  ['ADA@EXAMPLE.COM', 'ada@example.com'],
  ['ada@bücher.de', 'ada@xn--bcher-kva.de'],
  ['ada@bu\u0308cher.de', 'ada@xn--bcher-kva.de'],
  ['ada@XN--bcher-KVA.de', 'ada@xn--bcher-kva.de'],
  ['ada@ｅｘａｍｐｌｅ.com', 'ada@example.com'],
])('a project may send as %s from a domain that is trusted', async (from, email) => {
  expect(await senderOf({ from })).toEqual({ email, name: null })
})

test.each([
  'ada@example.org',
  'ada@mail.example.com',
  'ada@notexample.com',
  'ada@example.com.evil.org',
  'ada@ex\u0430mple.com',
  'ada@bucher.de',
  'example.com@example.org',
  'example.com <ada@example.org>',
])('%s is refused, since its domain is not', async (from) => {
  await expect(senderOf({ from })).rejects.toMatchObject({
    code: 'SENDER_UNVERIFIED',
    suggestion: expect.stringContaining('example.com'),
  })
})

test.each([
  'ada@example.com@example.org',
  '"ada@example.com"@example.org',
  'ada@example.org (ada@example.com)',
  'ada@example.org, ada@example.com',
  'Friends: ada@example.com;',
  'ada@example.com.',
  'ada@example.com\0.example.org',
])('%j is refused, since programs disagree on whose it is', async (from) => {
  await expect(senderOf({ from })).rejects.toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ field: 'from' }] })
})

test('a domain that another project may use is of no help', async () => {
  const other = await instance.project('Other')
  await expect(senderOf({ from: 'ada@example.com' }, other)).rejects.toMatchObject({
    code: 'SENDER_UNVERIFIED',
    suggestion: `Have the operator run: pnpm posthorn domain trust example.com --project ${other.id}`,
  })
})

test('the default sender is no exception where mail leaves the house', async () => {
  const fresh = await instance.project('Fresh')
  await expect(senderOf({}, fresh)).rejects.toMatchObject({ code: 'SENDER_UNVERIFIED' })
})

test('nobody is told to trust a domain that nobody can own', async () => {
  const fresh = await instance.project('Fresh')
  await expect(senderOf({}, fresh)).rejects.toMatchObject({
    message: 'This project may not send from fresh.example.',
    suggestion: `Give a \`from\` at a domain of yours, and have the operator trust that: pnpm posthorn domain trust YOUR-DOMAIN --project ${fresh.id}`,
  })
  await expect(senderOf({ from: 'hello@acme.example' })).rejects.toMatchObject({
    suggestion: expect.stringMatching(/^Give a `from` at one of its domains \(.*example\.com.*\)\.$/),
  })
})

test('the first domain that is trusted becomes that of the default sender, and later ones do not', async () => {
  expect(await senderOf({})).toMatchObject({ email: 'hello@example.com' })
})

test('in a batch, a mail from elsewhere is refused alone', async () => {
  const emails = ['ada@example.com', 'ada@example.org', 'bob@bücher.de'].map((from) => ({ ...MAIL, from }))
  const receipt = await project.call(['emails', 'sendBatch'], { emails })
  expect(receipt).toMatchObject({ accepted: 2, refused: 1, captured: false })
  expect(receipt.results).toMatchObject([
    { status: 'accepted', contact: { email: MAIL.to } },
    { status: 'refused', error: { code: 'SENDER_UNVERIFIED' } },
    { status: 'accepted', contact: { email: MAIL.to } },
  ])
  const none = await project.call(['emails', 'sendBatch'], { emails: emails.slice(1, 2) })
  expect(none).toMatchObject({ accepted: 0, refused: 1 })
})

test('while the built-in inbox catches all mail, any sender will do, and the default one needs nothing', async () => {
  const capturing = await testInstance()
  const one = await capturing.project('Acme & Söhne')
  expect(await senderOf({ from: 'ada@example.org' }, one)).toEqual({ email: 'ada@example.org', name: null })
  expect(await senderOf({}, one)).toEqual({ email: 'hello@acme-sohne.example', name: 'Acme & Söhne' })
  await capturing.close()
})

test.each([
  [{ from: 'Ada <ada@example.com>' }, 'Ada'],
  [{ from: { email: 'ada@example.com', name: 'Ada' }, name: 'Bob' }, 'Ada'],
  [{ from: 'ada@example.com', name: 'Bob' }, 'Bob'],
  [{ from: 'ada@example.com' }, null],
])('of the names in %j the sender is called %s', async (change, name) => {
  expect(await senderOf(change)).toEqual({ email: 'ada@example.com', name })
})

test('a name without an address goes with the default sender', async () => {
  const { domain } = /@(?<domain>.+)$/.exec((await project.call(['project', 'get'], {})).defaultSender.email)!.groups!
  await trustDomain(instance.db, project.id, domain as string)
  expect(await senderOf({ name: 'Bob' })).toMatchObject({ name: 'Bob' })
  expect(await senderOf({})).toMatchObject({ name: 'Acme & Söhne' })
})
