import type { Answer } from 'dns-packet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDnsServer, type DnsServer, type Said } from '../../test/dns-server.ts'
import { testInstance } from '../../test/instance.ts'
import { createResolver, type AddressResolver } from './resolver.ts'

const TIMEOUT_MS = 300

const mx = (name: string, exchange: string): Answer => ({
  type: 'MX',
  name,
  ttl: 60,
  data: { preference: 10, exchange },
})
const a = (name: string): Answer => ({ type: 'A', name, ttl: 60, data: '192.0.2.1' })
const aaaa = (name: string): Answer => ({ type: 'AAAA', name, ttl: 60, data: '2001:db8::1' })

/** What is said of each name, by what is asked; of what is not listed, that there is nothing. */
const ZONE: Record<string, { MX?: Said; A?: Said; AAAA?: Said }> = {
  'both.test': { MX: [mx('both.test', 'mx.both.test')], A: [a('both.test')], AAAA: [aaaa('both.test')] },
  'several.test': { MX: [mx('several.test', 'a.test'), mx('several.test', 'b.test')] },
  'null.test': { MX: [mx('null.test', '.')], A: [a('null.test')] },
  'address.test': { A: [a('address.test')] },
  'newer-address.test': { AAAA: [aaaa('newer-address.test')] },
  'empty.test': {},
  'missing.test': { MX: 'NXDOMAIN', A: 'NXDOMAIN', AAAA: 'NXDOMAIN' },
  'lying.test': { MX: 'NXDOMAIN', A: [a('lying.test')] },
  'broken.test': { MX: 'SERVFAIL', A: 'SERVFAIL', AAAA: 'SERVFAIL' },
  'refused.test': { MX: 'REFUSED', A: 'REFUSED', AAAA: 'REFUSED' },
  'silent.test': { MX: 'nothing', A: 'nothing', AAAA: 'nothing' },
  'noisy.test': { MX: 'noise', A: 'noise', AAAA: 'noise' },
  'half.test': { MX: [mx('half.test', 'mx.half.test')], A: [a('half.test')], AAAA: 'SERVFAIL' },
  'null-half.test': { MX: [mx('null-half.test', '.')], A: 'nothing' },
  'unclear.test': { A: 'SERVFAIL' },
  'clear-enough.test': { A: [a('clear-enough.test')], AAAA: 'nothing' },
  'untold.test': { MX: 'SERVFAIL', A: [a('untold.test')] },
}

let dns: DnsServer
let resolve: AddressResolver

beforeAll(async () => {
  dns = await startDnsServer((asked) => {
    const [type = '', name = ''] = asked.split(' ')
    return ZONE[name]?.[type as 'MX'] ?? []
  })
  resolve = createResolver({ servers: [dns.address], timeoutMs: TIMEOUT_MS })
})

afterAll(() => dns.close())

const THERE = { exists: true, hasMx: false, refusesMail: false, hasAddress: false }

test.each([
  ['mail servers and addresses', 'both.test', { ...THERE, hasMx: true, hasAddress: true }],
  ['mail servers alone', 'several.test', { ...THERE, hasMx: true }],
  ['that it takes no mail', 'null.test', { ...THERE, refusesMail: true, hasAddress: true }],
  ['an address alone', 'address.test', { ...THERE, hasAddress: true }],
  ['an address of the newer kind alone', 'newer-address.test', { ...THERE, hasAddress: true }],
  ['that it is there, and nothing else', 'empty.test', THERE],
  ['that it is not there', 'missing.test', { ...THERE, exists: false }],
  ['that it is not there, and its address', 'lying.test', { ...THERE, hasAddress: true }],
  ['that something is broken', 'broken.test', undefined],
  ['that it does not tell', 'refused.test', undefined],
  ['nothing', 'silent.test', undefined],
  ['what is no answer', 'noisy.test', undefined],
  ['which mail servers, but not all addresses', 'half.test', { ...THERE, hasMx: true, hasAddress: true }],
  ['that it takes no mail, and nothing of addresses', 'null-half.test', { ...THERE, refusesMail: true }],
  ['of neither mail servers nor all addresses', 'unclear.test', undefined],
  ['of an address, and nothing of others', 'clear-enough.test', { ...THERE, hasAddress: true }],
  ['nothing of mail servers', 'untold.test', undefined],
])('a name server that says %s', async (_, domain, facts) => {
  const begun = performance.now()
  expect(await resolve(domain)).toEqual(facts)
  expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + 2_000)
})

test('what was said is remembered, what was not said or in part is asked again', async () => {
  const timesAsked = async (domain: string) => {
    const before = dns.asked.length
    await resolve(domain)
    return dns.asked.length - before
  }
  expect(await timesAsked('both.test')).toBe(0)
  expect(await timesAsked('missing.test')).toBe(0)
  expect(await timesAsked('broken.test')).toBe(3)
  expect(await timesAsked('half.test')).toBe(3)
})

test('a name server that is not there is no answer', async () => {
  const gone = await startDnsServer(() => [])
  await gone.close()
  const begun = performance.now()
  expect(await createResolver({ servers: [gone.address], timeoutMs: TIMEOUT_MS })('both.test')).toBeUndefined()
  expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + 2_000)
})

test('the addresses of such domains are judged by it', async () => {
  const instance = await testInstance({ resolveDomain: resolve })
  const project = await instance.project()
  const check = (domain: string) => project.call(['addresses', 'verify'], { email: `ada@${domain}` })
  expect(await check('both.test')).toMatchObject({ valid: true, hasMxRecords: true, hasWebsite: true, reasons: [] })
  expect(await check('null.test')).toMatchObject({ valid: false, reasons: ['The domain says that it takes no mail.'] })
  expect(await check('address.test')).toMatchObject({ valid: true, hasMxRecords: false, hasWebsite: true })
  expect(await check('missing.test')).toMatchObject({ valid: false, domainExists: false })
  expect(await check('broken.test')).toMatchObject({ valid: true, isUncertain: true })
  await instance.close()
})
