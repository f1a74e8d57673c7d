import { expect, test } from 'vitest'
import { breaksHeader, headerText } from './header-text.ts'

const NEVER = Array.from({ length: 32 }, (_, code) => code)
  .filter((code) => code !== 9)
  .concat(0x7f, 0x85, 0x2028, 0x2029)
  .map((code) => String.fromCharCode(code))

test.each(NEVER.map((character) => [character.charCodeAt(0).toString(16).padStart(4, '0'), character]))(
  'U+%s is refused wherever it stands',
  (_, character) => {
    for (const text of [character, `${character}Hello`, `Hel${character}lo`, `Hello${character}`]) {
      expect(breaksHeader(text)).toBe(true)
    }
  },
)

const base64 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64')

test.each([
  '=?utf-8?q?=0D=0ABcc:_eve@example.com?=',
  '=?utf-8?Q?=0d?=',
  '=?UTF-8?Q?a=0A?=',
  '=?utf-8?q?=00?=',
  '=?utf-8?q?=7F?=',
  '=?utf-8?q?a b=0D=0A?=',
  '=?utf-8?q?a?b=0D=0A?=',
  '=?utf-8?q?a?b?c=0D=0A?=',
  '=?utf-8?q?=0D=0A',
  '=?us-ascii*en?q?=0D=0A?=',
  '=??q?=0D=0A?=',
  '=?utf-8?q?fine?= =?utf-8?q?=0D=0A?=',
  '=?a?q?fine?=?utf-8?q?=0D=0A?=',
  '=?utf-8?q?=C2=85?=',
  '=?utf-8?q?=E2=80=A8?=',
  '=?utf-8?q?=E2=80=A9?=',
  '=?iso-8859-1?q?=85?=',
  `=?utf-8?b?${base64('a\r\nBcc: eve@example.com')}?=`,
  `=?utf-8?B?${base64('\n')}?=`,
  `=?utf-8?b?${base64('\0')}?=`,
  `=?utf-8?b?${base64('\u00e2\u0080\u00a8')}?=`,
  `=?utf-8?b?${base64('a\r\n').replaceAll('=', '')}?=`,
  `=?utf-8?b?${base64('abc\r\n').replace(/^../, '$& ')}?=`,
  `=?utf-8?b?${base64('abc\r\n').replace(/^../, '$&.')}?=`,
  `=?utf-8?b?${base64('a')}${base64('\r\n')}?=`,
  `=?utf-8?b?${base64('a')}?${base64('\r\n')}?=`,
  `=?utf-16?b?${base64('\0a\u0020\u0028')}?=`,
  '=?utf-7?q?+AA0ACg-?=',
])('%s hides a control character', (text) => {
  expect(breaksHeader(text)).toBe(true)
  expect(breaksHeader(`Hello ${text} and more`)).toBe(true)
})

test.each([
  '',
  'Hello, world: "quotes", <brackets>; 100 %',
  'a\ttab',
  'Grüße 🦉 \u202eright to left',
  '=0D=0A outside of an encoded word',
  'Why? Because =0D is only text.',
  '=?',
  'Really =? yes ?=',
  '=?utf-8?q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=',
  '=?utf-8?q?=09tab?=',
  '=?utf-8?Q?=C3=85sa?=',
  `=?utf-8?B?${Buffer.from('Åsa Öberg …').toString('base64')}?=`,
  '=?iso-8859-1?q?=C5sa?=',
  '=?windows-1252?q?wait=85?=',
  '=?utf-8?x?=0D=0A?=',
])('%s is harmless', (text) => {
  expect(breaksHeader(text)).toBe(false)
})

test('text for a header is bounded, and told why it is refused', () => {
  const schema = headerText(5)
  expect(schema.safeParse('Hello').success).toBe(true)
  expect(schema.safeParse('Hello!').error?.issues[0]?.message).toBe('At most 5 characters.')
  expect(schema.safeParse('a\nb').error?.issues[0]?.message).toMatch(/^Line breaks/)
})
