import { expect, test } from 'vitest'
import { parseRelayUrl, splitRelayUrls } from './relay-url.ts'

test.each([
  [
    'smtp://127.0.0.1:2525',
    { name: '127.0.0.1:2525', implicitTls: false, tls: 'opportunistic', verifyCertificate: false, auth: undefined },
  ],
  ['smtp://relay.example', { port: 587, tls: 'opportunistic', verifyCertificate: false }],
  [
    'smtp://user:p%40ss%2Cword@relay.example',
    { tls: 'required', verifyCertificate: true, auth: { user: 'user', pass: 'p@ss,word' } },
  ],
  ['smtp://user:pass@localhost:1025', { tls: 'opportunistic', verifyCertificate: false }],
  ['smtp://user:pass@relay.example?tls=off&plain-auth=yes', { tls: 'off', verifyCertificate: false }],
  ['smtp://relay.example?tls=required&verify=no', { tls: 'required', verifyCertificate: false }],
  ['smtps://user:pass@relay.example', { name: 'relay.example:465', implicitTls: true, verifyCertificate: true }],
  ['smtp://[::1]:2525', { name: '[::1]:2525', host: '::1' }],
  [
    'smtp://relay.example?connections=3&messages=5&idle=2&name=mail.example.com',
    { connections: 3, messagesPerConnection: 5, idleMs: 2000, helloName: 'mail.example.com' },
  ],
])('%s', (url, expected) => {
  expect(parseRelayUrl(url)).toMatchObject(expected)
})

test.each([
  ['smtp://user:hunter2@relay.example?tls=off', 'tls=off would send the password for relay.example:587 unencrypted'],
  ['smtp://user:hunter2@relay.example?tls=opportunistic', 'unencrypted'],
  ['smtp://user:hunter2@relay.example?tls=maybe', 'tls of relay.example:587 is required, opportunistic or off.'],
  ['smtp://user:hunter2@relay.example?pool=3', 'unknown parameter "pool"'],
  [
    'smtp://user:hunter2@relay.example?connections=0',
    'connections of relay.example:587 is not a whole number above 0.',
  ],
  ['smtp://user:hunter2@relay.example?idle=soon', 'idle of relay.example:587'],
  ['http://user:hunter2@relay.example', 'begins with smtp:// or smtps://'],
  ['smtp://user:hunter2', 'cannot be read'],
  ['smtp://user:hunter2@one.example,two.example', 'Each of several'],
  ['smtp://user:hunter2%@relay.example', 'write it as %25'],
  ['hunter2', 'cannot be read'],
])('%s is refused without repeating the password', (url, words) => {
  const refuse = () => parseRelayUrl(url)
  expect(refuse).toThrow(words)
  expect(refuse).not.toThrow('hunter2')
})

test('a list of relays is divided at commas that begin a URL', () => {
  expect(splitRelayUrls('smtp://a:b,c@one.example, smtps://two.example,smtp://three.example')).toEqual([
    'smtp://a:b,c@one.example',
    'smtps://two.example',
    'smtp://three.example',
  ])
})
