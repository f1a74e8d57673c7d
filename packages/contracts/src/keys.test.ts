import { expect, test } from 'vitest'
import { OVERLAPS } from './overlaps.ts'
import { operations } from './operations.ts'

const create = (change: object) => operations.keys.create.input.safeDecode({ name: 'A key', ...change })

test('a key is secret unless a public one is asked for', () => {
  expect(create({}).data).toEqual({ name: 'A key', kind: 'secret' })
  expect(create({ kind: 'public' }).data?.kind).toBe('public')
  expect(create({ kind: 'admin' }).success).toBe(false)
})

test.each(['203.0.113.7', '203.0.113.0/24', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::ffff:203.0.113.7', '::1'])(
  'a key can be bound to %s',
  (address) => {
    expect(create({ allowedIps: [address] }).success).toBe(true)
  },
)

test.each([
  '',
  'example.com',
  '203.0.113',
  '203.0.113.256',
  '203.0.113.0/33',
  '203.0.113.0/-1',
  '010.0.0.1',
  '0x7f.1',
  '2001:db8::/129',
  'fe80::1%eth0',
  '203.0.113.1-9',
  '*',
])('%j is neither an address nor a network', (address) => {
  expect(create({ allowedIps: [address] }).success).toBe(false)
})

test('a scope that does not exist cannot be given', () => {
  expect(create({ scopes: ['emails:send'] }).success).toBe(true)
  expect(create({ scopes: ['*'] }).success).toBe(false)
  expect(create({ scopes: ['emails:send', 'emails:everything'] }).success).toBe(false)
})

test('a key that is replaced dies at once, unless an overlap is asked for', () => {
  const id = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
  expect(operations.keys.regenerate.input.parse({ id }).overlap).toBe('now')
  expect(OVERLAPS).toEqual({ now: 0, '1h': 3_600, '24h': 86_400, '7d': 604_800 })
})

test('a key is listed without its secret, even where the row holds it', () => {
  const row = {
    id: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
    name: 'A key',
    kind: 'secret' as const,
    status: 'active' as const,
    hint: 'sk_ph_••••1234',
    publicKey: null,
    scopes: ['emails:send' as const],
    allowedIps: [],
    createdAt: new Date(0),
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    lastUsedIp: null,
    replacedBy: null,
    key: 'sk_ph_secret',
    hash: Buffer.alloc(32),
    encrypted: Buffer.alloc(32),
  }
  const [listed] = operations.keys.list.output.encode({ data: [row], cursor: null, hasMore: false }).data
  expect(Object.keys(listed ?? {})).not.toEqual(expect.arrayContaining(['key']))
  expect(JSON.stringify(listed)).not.toMatch(/sk_ph_secret|hash|encrypted/)
})
