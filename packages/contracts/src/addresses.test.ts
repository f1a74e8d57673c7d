import { expect, test } from 'vitest'
import { normaliseDomain, parseAddress, parseMailbox } from './addresses.ts'
import { LIMITS } from './limits.ts'

const address = (text: string) => {
  const parsed = parseAddress(text)
  return parsed.ok ? parsed.value : undefined
}

const mailbox = (text: string) => {
  const parsed = parseMailbox(text)
  return parsed.ok ? parsed.value : undefined
}

const LONGEST_LOCAL = 'a'.repeat(LIMITS.localPartLength)
/** A domain of exactly this length, in labels of at most 63. */
const domainOf = (length: number) => `d${`${'d'.repeat(60)}.`.repeat(5).slice(4 - length)}com`

test.each([
  ['ada@example.com', 'ada@example.com'],
  ['ADA@EXAMPLE.COM', 'ada@example.com'],
  ['  ada@example.com\t', 'ada@example.com'],
  ['a.da+tag@example.com', 'a.da+tag@example.com'],
  ["!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
  ['ada@mail.eu.example.co', 'ada@mail.eu.example.co'],
  ['ada@1and1.com', 'ada@1and1.com'],
  ['ada@BÜCHER.de', 'ada@xn--bcher-kva.de'],
  ['ada@b\u00fccher.de', 'ada@xn--bcher-kva.de'],
  ['ada@bu\u0308cher.de', 'ada@xn--bcher-kva.de'],
  ['ada@XN--BCHER-KVA.de', 'ada@xn--bcher-kva.de'],
  ['ada@例え.jp', 'ada@xn--r8jz45g.jp'],
  ['ada@例え。jp', 'ada@xn--r8jz45g.jp'],
  ['ada@ｅｘａｍｐｌｅ.com', 'ada@example.com'],
  ['ada@faß.de', 'ada@xn--fa-hia.de'],
  [`${LONGEST_LOCAL}@example.com`, `${LONGEST_LOCAL}@example.com`],
])('%s is stored as %s', (text, stored) => {
  expect(address(text)).toBe(stored)
  expect(address(stored)).toBe(stored)
})

test.each([
  '',
  ' ',
  'ada',
  '@example.com',
  'ada@',
  'ada@localhost',
  'ada@example',
  'ada@example.com.',
  'ada@.example.com',
  'ada@example..com',
  'ada@-example.com',
  'ada@example-.com',
  'ada@exa_mple.com',
  'ada@exa mple.com',
  'ada@example.c',
  'ada@example.123',
  'ada@example.com/evil',
  'ada@example.com:25',
  'ada@example.com?x',
  'ada@example.com#x',
  'ada@bücher.de/evil',
  'ada@bücher.de:25',
  'ada@bücher%2ede',
  'ada@bücher\\.de',
  'ada@[127.0.0.1]',
  'ada@[IPv6:::1]',
  'ada@127.0.0.1',
  'ada@１２７.0.0.1',
  'ada@0x7f.1',
  'ada@example.com@example.org',
  'ada@example.com,bob@example.com',
  'ada@example.com;bob@example.com',
  'ada@example.com bob@example.com',
  'Friends: ada@example.com;',
  'Friends:ada@example.com',
  'ada@example.com (a comment)',
  '(a comment)ada@example.com',
  'ada(a comment)@example.com',
  'ada@(a comment)example.com',
  '"ada"@example.com',
  '"ada lovelace"@example.com',
  '"ada@example.org"@example.com',
  'ada\\@example.org@example.com',
  '<ada@example.com>',
  'ada <ada@example.com>',
  '.ada@example.com',
  'ada.@example.com',
  'a..da@example.com',
  'a da@example.com',
  'adä@example.com',
  'ad\u0430@example.com',
  'ad\u200b@example.com',
  '\u212aate@example.com',
  '\u017fam@example.com',
  'ada@example.com\n',
  'ada@example.com\r\nBcc: eve@example.com',
  'ada\0@example.com',
  'ada@example.com\u2028',
  '=?utf-8?q?=0d=0a?=@example.com',
  `${LONGEST_LOCAL}a@example.com`,
])('%j is no address', (text) => {
  expect(address(text)).toBeUndefined()
})

test('look-alike letters make another domain, never the one they imitate', () => {
  expect(normaliseDomain('ex\u0430mple.com')).toBe('xn--exmple-4nf.com')
  expect(normaliseDomain('example.c\u043em')).not.toBe('example.com')
  expect(normaliseDomain('ex\u00adample.com')).toBe('example.com')
})

test('an address has at most 254 characters, counted in the form that is stored', () => {
  const rest = LIMITS.emailAddressLength - 'ada@'.length
  expect(domainOf(rest)).toHaveLength(rest)
  expect(address(`ada@${domainOf(rest)}`)).toHaveLength(LIMITS.emailAddressLength)
  expect(address(`ada@${domainOf(rest + 1)}`)).toBeUndefined()
  expect(address(`ada@${'ü.'.repeat(40)}de`)).toBeUndefined()
  expect(address(`ada@${'d'.repeat(63)}.com`)).toBeDefined()
  expect(address(`ada@${'d'.repeat(64)}.com`)).toBeUndefined()
})

test.each([
  ['ada@example.com', undefined],
  ['<ada@example.com>', undefined],
  ['"" <ada@example.com>', undefined],
  ['Ada Lovelace <ADA@example.com>', 'Ada Lovelace'],
  ['  Ada Lovelace   <ada@example.com>  ', 'Ada Lovelace'],
  ['Ada<ada@example.com>', 'Ada'],
  ['Ada\tLovelace <ada@example.com>', 'Ada\tLovelace'],
  ['"Lovelace, Ada" <ada@example.com>', 'Lovelace, Ada'],
  ['Lovelace, Ada <ada@example.com>', 'Lovelace, Ada'],
  ['"Ada \\"the first\\" Lovelace" <ada@example.com>', 'Ada "the first" Lovelace'],
  ['"back\\\\slash" <ada@example.com>', 'back\\slash'],
  ['Ada (mathematician) <ada@example.com>', 'Ada (mathematician)'],
  ['bob@example.org <ada@example.com>', 'bob@example.org'],
  ['Zoë 🦉 <ada@example.com>', 'Zoë 🦉'],
  ['=?utf-8?q?Zo=C3=AB?= <ada@example.com>', '=?utf-8?q?Zo=C3=AB?='],
])('%s is ada@example.com with the name %s', (text, name) => {
  expect(mailbox(text)).toEqual(name === undefined ? { email: 'ada@example.com' } : { email: 'ada@example.com', name })
})

test.each([
  'Ada <ada@example.com',
  'Ada ada@example.com>',
  'Ada <>',
  'Ada <ada@example.com> trailing',
  'Ada <ada@example.com>, Bob <bob@example.com>',
  '"Ada" <ada@example.com>, "Bob" <bob@example.com>',
  'ada@example.com, Bob <bob@example.com> <eve@example.com>',
  'Ada <<ada@example.com>>',
  'Ada <bob@example.com> <ada@example.com>',
  '"<bob@example.com>" <ada@example.com>',
  'Friends: Ada <ada@example.com>;',
  'Ada <@relay.example,@other.example:ada@example.com>',
  'Ada\n<ada@example.com>',
  'Ada\r\nBcc: eve@example.com <ada@example.com>',
  'Ada\0 <ada@example.com>',
  'Ada\u0085 <ada@example.com>',
  '=?utf-8?q?Ada=0D=0ABcc:_eve?= <ada@example.com>',
  `${'n'.repeat(LIMITS.displayNameLength + 1)} <ada@example.com>`,
])('%j is no mailbox', (text) => {
  expect(mailbox(text)).toBeUndefined()
})

test('whatever is put into an address, what is taken is one address of plain characters', () => {
  const pieces = [
    '@',
    '.',
    '"',
    '\\',
    ' ',
    ',',
    '<',
    '>',
    '(',
    ')',
    ':',
    ';',
    '[',
    ']',
    '\n',
    '\0',
    '\u2028',
    'é',
    '%',
    '/',
    '#',
    '?',
    '=',
    'a@b.de',
    '=?',
    'ß',
  ]
  const taken: string[] = []
  for (const start of ['ada@example.com', 'Ada <ada@example.com>', '"Ada" <ada@example.com>']) {
    for (const one of pieces) {
      for (const other of ['', ...pieces]) {
        for (let at = 0; at <= start.length; at += 1) {
          const result = mailbox(`${start.slice(0, at)}${one}${start.slice(at)}${other}`)
          if (result === undefined) continue
          taken.push(result.email)
          expect(result.name ?? '').not.toMatch(/[<>\n\0\u2028]/)
        }
      }
    }
  }
  expect(taken.filter((email) => !/^[a-z.%/#?=]+@[a-z0-9.-]+\.[a-z][a-z0-9-]+$/.test(email))).toEqual([])
  expect(taken.length).toBeGreaterThan(500)
})
