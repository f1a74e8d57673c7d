import { expect, test } from 'vitest'
import { HeaderName, isOwnHeader } from './headers.ts'

const taken = (name: string) => HeaderName.safeParse(name).success

test.each(['X-Campaign', 'List-Unsubscribe', 'In-Reply-To', 'References', 'Precedence', 'x_y', 'X-1'])(
  'a caller may set %s',
  (name) => {
    expect(taken(name)).toBe(true)
  },
)

test.each([
  'From',
  'Sender',
  'To',
  'Cc',
  'Bcc',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Return-Path',
  'Received',
  'Received-SPF',
  'DKIM-Signature',
  'Authentication-Results',
  'Feedback-ID',
  'Delivered-To',
  'Content-Type',
  'Content-Transfer-Encoding',
  'ARC-Seal',
  'Resent-From',
  'X-Posthorn-Email',
])('%s is Posthorn’s own, in any case', (name) => {
  for (const written of [name, name.toLowerCase(), name.toUpperCase()]) {
    expect(isOwnHeader(written)).toBe(true)
    expect(taken(written)).toBe(false)
  }
})

test.each([
  '',
  'X Y',
  'X:Y',
  'X-Y:',
  'X-Y\r\nBcc',
  'X-Y\n',
  'X-\0',
  'X-é',
  'X\tY',
  'X(Y)',
  'X"Y',
  'X,Y',
  ' From',
  'From ',
  'From\u200b',
  '__proto__',
])('%j is no header name', (name) => {
  expect(taken(name)).toBe(false)
})
