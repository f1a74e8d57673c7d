import { inspect } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { emptyAddress, refusal, startScripted } from '../test/scripted-server.ts'
import { Posthorn, type PosthornOptions } from './index.ts'
import { readOptions } from './options.ts'

const apiKey = 'sk_ph_0123456789abcdefghijklmnopqrstuvXYZ'
const baseUrl = 'http://localhost:3000'

afterEach(() => {
  vi.unstubAllGlobals()
})

test.each([
  ['no options', undefined, /needs an apiKey/],
  ['no key', { apiKey: undefined, baseUrl }, /needs an apiKey/],
  ['an empty key', { apiKey: '', baseUrl }, /needs an apiKey/],
  ['a key with a line break', { apiKey: `${apiKey}\n`, baseUrl }, /holds blanks/],
  ['no address', { apiKey, baseUrl: undefined }, /needs a baseUrl/],
  ['an address without scheme', { apiKey, baseUrl: 'localhost:3000' }, /not an http or https address/],
  ['an address of another kind', { apiKey, baseUrl: 'ftp://localhost' }, /not an http or https address/],
  ['an address with a password', { apiKey, baseUrl: 'http://me:secret@localhost' }, /user or password/],
  ['a broken number of retries', { apiKey, baseUrl, maxRetries: 0.5 }, /maxRetries/],
  ['a time-out of nothing', { apiKey, baseUrl, timeoutMs: 0 }, /timeoutMs/],
  ['a time-out that no timer can hold', { apiKey, baseUrl, timeoutMs: 2 ** 31 }, /timeoutMs/],
])('%s is refused at once, in words that do not repeat the key', (_, options, words) => {
  const make = () => new Posthorn(options as PosthornOptions) // Safe because plain JavaScript gives such options.
  expect(make).toThrow(words)
  expect(make).not.toThrow(/0123456789/)
})

test.each([
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://localhost:3000/', 'http://localhost:3000'],
  ['https://example.com/v1', 'https://example.com'],
  ['https://example.com/mail/v1/', 'https://example.com/mail'],
  ['https://example.com/mail//?a=b#c', 'https://example.com/mail'],
  ['https://example.com/v12', 'https://example.com/v12'],
])('%s is understood as %s', (given, understood) => {
  expect(readOptions({ apiKey, baseUrl: given }).baseUrl).toBe(understood)
})

test('a browser gets no secret key in, unless that was asked for in so many words; a public key is welcome', () => {
  vi.stubGlobal('window', { document: {} })
  expect(() => new Posthorn({ apiKey, baseUrl })).toThrow(/does not belong in a browser/)
  expect(() => new Posthorn({ apiKey, baseUrl, dangerouslyAllowBrowser: true })).not.toThrow()
  expect(() => new Posthorn({ apiKey: 'pk_ph_test', baseUrl })).not.toThrow()
})

test('a browser is not made to ask for leave to send a header that it sets itself', async () => {
  const server = await startScripted({ json: { success: true, data: {} } })
  vi.stubGlobal('window', { document: {} })
  await new Posthorn({ apiKey: 'pk_ph_test', baseUrl: server.baseUrl }).events.track({ event: 'seen', email: 'a@b.de' })
  expect(server.seen[0]?.headers['user-agent']).not.toContain('posthorn')
})

test('without any fetch there is a clear word instead of a crash at the first call', () => {
  vi.stubGlobal('fetch', undefined)
  expect(() => new Posthorn({ apiKey, baseUrl })).toThrow(/no global fetch/)
})

test('a fetch that is put in place later is used', async () => {
  const posthorn = new Posthorn({ apiKey, baseUrl })
  vi.stubGlobal('fetch', async () => Response.json({ id: 'later' }))
  expect(await posthorn.project.get()).toEqual({ id: 'later' })
})

test('without crypto there still is a fresh idempotency key for each call', async () => {
  const server = await startScripted({ json: { success: true, data: {} } })
  vi.stubGlobal('crypto', undefined)
  const posthorn = new Posthorn({ apiKey, baseUrl: server.baseUrl })
  await Promise.all([1, 2, 3].map(() => posthorn.events.track({ event: 'seen', email: 'a@b.de' })))
  expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(3)
})

test('the key shows nowhere: not in the client, not in its parts, not in any error', async () => {
  const server = await startScripted(refusal(401, 'INVALID_API_KEY'), { raw: 'garbage' }, 'drop', 'stall')
  const posthorn = new Posthorn({ apiKey, baseUrl: server.baseUrl, maxRetries: 0, timeoutMs: 100 })
  const errors: unknown[] = []
  for (let call = 0; call < 4; call += 1) await posthorn.project.get().catch((error: unknown) => errors.push(error))
  await new Posthorn({ apiKey, baseUrl: await emptyAddress(), maxRetries: 0 }).project
    .get()
    .catch((error: unknown) => errors.push(error))
  expect(errors).toHaveLength(5)
  for (const value of [posthorn, posthorn.emails, posthorn.project.get().catch(() => {}), ...errors]) {
    const words = [inspect(value, { depth: Infinity, showHidden: true }), JSON.stringify(value), String(value)]
    expect(words.join('\n')).not.toContain('0123456789')
  }
})
