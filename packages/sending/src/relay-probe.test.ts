import { misbehavingSmtpServer, testMailbox } from '@posthorn/testkit'
import type { TestMailbox, TestMailboxOptions } from '@posthorn/testkit/smtp/mailbox'
import type { Script } from '@posthorn/testkit/smtp/misbehaving-server'
import { generate } from 'selfsigned'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { probeRelay } from './relay-probe.ts'

const AUTH = { user: 'user', pass: 'right' }
const TIMEOUTS = { connectMs: 500, greetingMs: 500, commandMs: 500 }

let tls: { key: string; cert: string }
beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  tls = { key: made.private, cert: made.cert }
})

async function mailbox(options: TestMailboxOptions): Promise<TestMailbox> {
  const box = await testMailbox(options)
  onTestFinished(box.close)
  return box
}

const as = (url: string, pass: string) => url.replace('://', `://${AUTH.user}:${pass}@`)

async function probeScript(script: Script, query = '') {
  const server = await misbehavingSmtpServer(script, { extensions: ['STARTTLS'] })
  onTestFinished(server.close)
  return probeRelay(`${as(server.url, 'hidden')}${query}`, { timeouts: TIMEOUTS })
}

test('a relay that takes the login is well, and is sent no mail', async () => {
  const box = await mailbox({ tls, auth: AUTH })
  const options = { tlsOptions: { ca: tls.cert } }
  expect(await probeRelay(`${as(box.url, 'right')}?tls=required`, options)).toEqual({
    isWell: true,
    message: `127.0.0.1:${box.port} answers and takes the login.`,
  })
  expect(box.messages).toEqual([])
})

test('so is one that wants none, and one that speaks TLS from the first byte', async () => {
  const [plain, implicit] = [await mailbox({}), await mailbox({ tls: { ...tls, implicit: true } })]
  expect(await probeRelay(plain.url)).toEqual({ isWell: true, message: `127.0.0.1:${plain.port} answers.` })
  expect(await probeRelay(`${implicit.url}?verify=no`)).toMatchObject({ isWell: true })
})

test('a certificate that nobody vouches for is told where TLS is required, and is no matter where it is not', async () => {
  const box = await mailbox({ tls })
  expect(await probeRelay(`${box.url}?tls=required`)).toEqual({
    isWell: false,
    message: `The certificate of 127.0.0.1:${box.port} is not accepted (self-signed certificate).`,
    advice: expect.stringContaining('verify=no'),
  })
  for (const query of ['', '?tls=required&verify=no', '?tls=off']) {
    expect(await probeRelay(`${box.url}${query}`)).toMatchObject({ isWell: true })
  }
})

test('a relay without STARTTLS is wrong where the URL demands TLS', async () => {
  const box = await mailbox({})
  expect(await probeRelay(`${box.url}?tls=required`)).toMatchObject({
    isWell: false,
    message: expect.stringMatching(/ does not begin TLS, which SMTP_URL demands: 502 /),
    advice: expect.stringContaining('tls=opportunistic'),
  })
  expect(await probeScript({ starttls: '454 4.7.0 TLS not available' }, '?tls=required')).toMatchObject({
    message: expect.stringMatching(/ does not begin TLS, which SMTP_URL demands: 454 /),
  })
})

test('smtps:// on a port that begins without TLS is told, and so is the other way round', async () => {
  const [plain, implicit] = [await mailbox({}), await mailbox({ tls: { ...tls, implicit: true } })]
  expect(await probeRelay(plain.url.replace('smtp:', 'smtps:'))).toMatchObject({
    message: expect.stringContaining('does not speak TLS from the first byte'),
    advice: expect.stringContaining('smtp://'),
  })
  expect(await probeRelay(implicit.url.replace('smtps:', 'smtp:'), { timeouts: TIMEOUTS })).toMatchObject({
    message: expect.stringContaining('No answer within 500 ms'),
    advice: expect.stringContaining('smtps://'),
  })
})

test('a login that is refused, or that the relay does not have, is wrong', async () => {
  const [box, open] = [await mailbox({ auth: AUTH }), await mailbox({})]
  const refused = await probeRelay(as(box.url, 'hunter2'))
  expect(refused).toMatchObject({
    isWell: false,
    message: expect.stringMatching(/ refuses the login \(535 5\.7\.8 /),
    advice: expect.stringContaining('percent-encoded'),
  })
  expect(JSON.stringify(refused)).not.toContain('hunter2')
  expect(await probeRelay(as(open.url, 'right'))).toMatchObject({
    message: expect.stringMatching(/ refuses the login \(The relay offers no authentication\)\.$/),
  })
})

test.each<[Script, RegExp]>([
  [{ greeting: '554 5.3.2 no service here' }, /^127\.0\.0\.1:\d+ does not take mail: 554 5\.3\.2 no service here$/],
  [{ greeting: 'garbage' }, /does not take mail: <html>/],
  [{ connect: 'drop' }, /cannot be reached \(Connection closed unexpectedly\)/],
  [{ greeting: 'stall' }, /cannot be reached \(No answer within 500 ms\)/],
  [{ ehlo: 'stall' }, /cannot be reached \(No answer within 500 ms\)/],
  [{ starttls: 'stall' }, /cannot be reached \(No answer within 500 ms\)/],
])('of a relay with %j it is said how far one gets, and what to do', async (script, message) => {
  const found = await probeScript(script)
  expect(found).toEqual({ isWell: false, message: expect.stringMatching(message), advice: expect.any(String) })
  expect(JSON.stringify(found)).not.toContain('hidden')
})

test.each([
  ['smtp://127.0.0.1:1', /127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED/],
  ['smtp://no-such-host.invalid', /no-such-host\.invalid:587 cannot be reached \(.*ENOTFOUND/],
])('%s is out of reach', async (url, message) => {
  expect(await probeRelay(url)).toMatchObject({ isWell: false, message: expect.stringMatching(message) })
})
