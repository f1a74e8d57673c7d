import { expect, test } from 'vitest'
import { describeError } from './index.ts'

test('an error of the database is logged by its code and place, without the values it quotes', () => {
  const quoted = 'ada@secret.example'
  const error = Object.assign(new Error(`invalid input syntax: "${quoted}"`), {
    code: '22P02',
    detail: `Key (email)=(${quoted})`,
    constraint: 'contacts_email',
    table: 'contacts',
  })
  const shown = JSON.stringify(describeError(new Error('accepting failed', { cause: error })))
  expect(shown).not.toContain(quoted)
  expect(shown).toContain('22P02')
  expect(shown).toContain('contacts_email')
  expect(shown).toContain('accepting failed')
  expect(shown).toContain('describe-error.test')
})
