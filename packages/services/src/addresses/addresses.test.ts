import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import type { DomainFacts } from './resolver.ts'

const HAS_MX = { exists: true, hasMx: true, refusesMail: false, hasAddress: true }
const DOMAINS: Record<string, DomainFacts> = {
  'no-mx.example': { ...HAS_MX, hasMx: false },
  'null-mx.example': { ...HAS_MX, hasMx: false, refusesMail: true },
  'empty.example': { ...HAS_MX, hasMx: false, hasAddress: false },
  'missing.example': { exists: false, hasMx: false, refusesMail: false, hasAddress: false },
}

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance({
    resolveDomain: (domain) => Promise.resolve(domain === 'silent.example' ? undefined : (DOMAINS[domain] ?? HAS_MX)),
  })
  project = await instance.project()
})

afterAll(() => instance.close())

const check = (email: string) => project.call(['addresses', 'verify'], { email })

const GOOD = {
  valid: true,
  isDisposable: false,
  isRole: false,
  isPlusAddressed: false,
  isTypo: false,
  domainExists: true,
  hasMxRecords: true,
  isUncertain: false,
}

test('a good address has nothing held against it, and is answered in its one form', async () => {
  expect(await check(' Ada@BÜCHER.example ')).toMatchObject({
    ...GOOD,
    email: 'ada@xn--bcher-kva.example',
    reasons: [],
  })
})

test.each([
  ['not an address', { email: 'not an address', valid: false, domainExists: false }],
  ['ada@missing.example', { valid: false, domainExists: false, reasons: ['The domain does not exist.'] }],
  ['ada@null-mx.example', { valid: false, reasons: ['The domain says that it takes no mail.'] }],
  ['ada@empty.example', { valid: false, reasons: ['The domain has neither a mail server nor an address.'] }],
  [
    'ada@no-mx.example',
    { valid: true, hasMxRecords: false, reasons: [expect.stringContaining('own address is tried')] },
  ],
  ['ada@silent.example', { valid: true, isUncertain: true, reasons: ['DNS gave no answer in time.'] }],
  ['ada@mailinator.com', { valid: true, isDisposable: true, isPersonalEmail: false }],
  ['ada@a.b.mailinator.com', { isDisposable: true }],
  ['ada@ourmailinator.org', { isDisposable: false }],
  // Below it everybody has a domain of their own.
  ['ada@shop.dns.army', { isDisposable: false }],
  ['ada@example.com', { isPersonalEmail: false }],
  ['info+x@shop.example', { isRole: true, isPlusAddressed: true, isAlias: true }],
  ['ada@gmail.com', { isPersonalEmail: true, isTypo: false }],
  ['ada@gmial.com', { isTypo: true, isDisposable: false, isPersonalEmail: false, suggestedEmail: 'ada@gmail.com' }],
  ['ada@hotmai.com', { isTypo: true, suggestedEmail: 'ada@hotmail.com' }],
  ['ada@gmail.co', { isTypo: true, suggestedEmail: 'ada@gmail.com' }],
  ['ada@mail.com', { isTypo: false }],
  ['ada@ge.com', { isTypo: false }],
])('%s', async (email, found) => {
  expect(await check(email)).toMatchObject(found)
})
