import { testMailbox } from '@posthorn/testkit/smtp/mailbox'
import type { TestMailbox, TestMailboxOptions } from '@posthorn/testkit/smtp/mailbox'
import { misbehavingSmtpServer } from '@posthorn/testkit/smtp/misbehaving-server'
import { generate } from 'selfsigned'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { createRelay } from './relay.ts'
import type { RelayOptions } from './relay-settings.ts'
import type { Delivery } from './transport.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

let tls: { key: string; cert: string }
beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  tls = { key: made.private, cert: made.cert }
})

async function mailbox(options: TestMailboxOptions): Promise<TestMailbox> {
  const box = await testMailbox(options)
  opened.push(box.close)
  return box
}

async function sendOnce(url: string, options?: RelayOptions): Promise<Delivery> {
  const relay = createRelay(url, options)
  opened.push(() => relay.close(0))
  return relay.send({
    envelope: { from: 'a@example.com', to: ['b@example.net'] },
    bytes: Buffer.from('Subject: x\r\n\r\nHello\r\n'),
  })
}

const trusting = (): RelayOptions => ({ tlsOptions: { ca: tls.cert } })

test('STARTTLS is used when it is offered, even with a certificate that nobody vouches for', async () => {
  const box = await mailbox({ tls })
  expect((await sendOnce(box.url)).outcome).toBe('accepted')
  expect(box.messages[0]?.secure).toBe(true)
})

test('where TLS is required, an unknown certificate is our trouble and not the mail’s', async () => {
  const box = await mailbox({ tls })
  expect(await sendOnce(`${box.url}?tls=required`)).toMatchObject({
    outcome: 'deferred',
    scope: 'connection',
    reason: 'tls',
    stage: 'hello',
  })
  expect(box.messages).toEqual([])
})

test('where TLS is required, a trusted certificate is enough', async () => {
  const box = await mailbox({ tls })
  expect((await sendOnce(`${box.url}?tls=required`, trusting())).outcome).toBe('accepted')
  expect(box.messages[0]?.secure).toBe(true)
})

test('where TLS is required, a server without it gets nothing', async () => {
  const box = await mailbox({})
  expect(await sendOnce(`${box.url}?tls=required`)).toMatchObject({ outcome: 'deferred', scope: 'connection' })
  expect(box.messages).toEqual([])
})

test('tls=off leaves STARTTLS alone', async () => {
  const box = await mailbox({ tls })
  expect((await sendOnce(`${box.url}?tls=off`)).outcome).toBe('accepted')
  expect(box.messages[0]?.secure).toBe(false)
})

test.each(['454 4.7.0 TLS not available', 'ok-drop'] as const)(
  'without need for it, a STARTTLS that fails (%s) is done without',
  async (reply) => {
    const server = await misbehavingSmtpServer({ starttls: reply }, { extensions: ['STARTTLS'] })
    opened.push(server.close)
    expect((await sendOnce(server.url)).outcome).toBe('accepted')
    expect((await sendOnce(`${server.url}?tls=required`)).outcome).toBe('deferred')
    expect(server.messages).toHaveLength(1)
  },
)

test('smtps checks the certificate, and can be told not to', async () => {
  const box = await mailbox({ tls: { ...tls, implicit: true } })
  expect(await sendOnce(box.url)).toMatchObject({
    outcome: 'deferred',
    scope: 'connection',
    reason: 'tls',
    stage: 'connect',
  })
  expect((await sendOnce(box.url, trusting())).outcome).toBe('accepted')
  expect((await sendOnce(`${box.url}?verify=no`)).outcome).toBe('accepted')
  expect(box.messages.every(({ secure }) => secure)).toBe(true)
})

test('with a password the mail is sent as that user', async () => {
  const box = await mailbox({ tls, auth: { user: 'ann', pass: 'p@ss:word' } })
  const url = `smtp://ann:p%40ss%3Aword@127.0.0.1:${box.port}`
  expect((await sendOnce(url)).outcome).toBe('accepted')
  expect(box.messages[0]).toMatchObject({ user: 'ann', secure: true })
})

test('a wrong password is our trouble: nothing is held against the mail, and no word of it is repeated', async () => {
  const box = await mailbox({ auth: { user: 'ann', pass: 'right' } })
  const delivery = await sendOnce(`smtp://ann:hunter2@127.0.0.1:${box.port}`)
  expect(delivery).toMatchObject({
    outcome: 'deferred',
    scope: 'connection',
    stage: 'auth',
    reason: 'authentication-failed',
    code: 535,
    enhancedCode: '5.7.8',
  })
  expect(JSON.stringify(delivery)).not.toContain('hunter2')
})

test('a missing password is our trouble as well', async () => {
  const box = await mailbox({ auth: { user: 'ann', pass: 'right' } })
  expect(await sendOnce(box.url)).toMatchObject({
    outcome: 'deferred',
    scope: 'connection',
    stage: 'mail',
    reason: 'authentication-failed',
  })
})

test('a password for a server that wants none is a setting to look at', async () => {
  const box = await mailbox({})
  expect(await sendOnce(`smtp://ann:right@127.0.0.1:${box.port}`)).toMatchObject({
    outcome: 'deferred',
    stage: 'auth',
    reason: 'authentication-failed',
  })
})
