import { expect, test } from 'vitest'
import { engines } from './engines.ts'
import { template, valuesFor } from './template.ts'

test('every contender fills in the same mail in the same way', () => {
  const [own, ...others] = Object.values(engines).map((engine) => engine(template)(valuesFor(7)))
  expect(own).toContain('<h1>Hello reader 7</h1>')
  expect(own).not.toContain('{{')
  expect(template.match(/\{\{/g)).toHaveLength(21)
  for (const other of others) expect(other).toBe(own)
})
