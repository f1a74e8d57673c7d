import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { templateName } from './template.ts'
import { BUILT_IN_VARIABLES } from './template-names.ts'
import { declaredVariables, TemplateVariable } from './template-variables.ts'

const GOOD = { name: 'good', type: 'string', fallback: 'a' }
const problemsOf = (variable: object) =>
  (declaredVariables.safeParse([GOOD, variable]).error?.issues ?? []).map(({ path, message }) => [path, message])

describe('a fallback is of the type that is declared', () => {
  test.each([
    ['string', 5],
    ['number', 'abc'],
    ['number', ''],
    ['boolean', 'nope'],
    ['date', 'nope'],
    ['date', '2026-02-31'],
    ['list', 'nope'],
    ['object', [1]],
  ])('%s cannot fall back on %j', (type, fallback) => {
    const message = expect.stringMatching(
      /^The fallback of `it` has to be an? .* since that is its type\.$|true or false/,
    )
    expect(problemsOf({ name: 'it', type, fallback })).toEqual([[[1, 'fallback'], message]])
    // What was stored before is read as it is.
    expect(TemplateVariable.safeParse({ name: 'it', type, fallback }).success).toBe(true)
  })

  test.each([
    ['string', ''],
    ['number', 0],
    ['boolean', false],
    ['date', '2026-01-31'],
    ['list', []],
    ['object', {}],
    ['number', null],
  ])('%s can fall back on %j', (type, fallback) => {
    expect(problemsOf({ name: 'it', type, fallback })).toEqual([])
  })
})

test('the guide tells which names are not declared', () => {
  const guide = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8')
  expect(guide.replaceAll('\n', ' ')).toContain(`(${BUILT_IN_VARIABLES.map((name) => `\`${name}\``).join(', ')})`)
})

test.each(BUILT_IN_VARIABLES)('%s is not declared, since every template has it', (name) => {
  const message = `Every template has \`${name}\` already, so no send can give it; pick another name.`
  expect(problemsOf({ name, type: 'string' })).toEqual([[[1, 'name'], message]])
})

test.each(['__proto__', 'constructor', 'prototype'])('%s is not declared, since no data may hold it', (name) => {
  const message = `No \`data\` may hold \`${name}\`, so no send can give it; pick another name.`
  expect(problemsOf({ name, type: 'string' })).toEqual([[[1, 'name'], message]])
})

test.each(['019c1363-49c1-7000-8000-000000000000', ' 019C1363-49C1-7000-8000-000000000000 '])(
  'no template is named %j, which looks like an id',
  (name) => {
    expect(templateName.safeParse(name).error?.issues).toMatchObject([{ message: expect.stringContaining('a UUID') }])
  },
)

test('an id may be a part of a name', () => {
  expect(templateName.safeParse('Welcome 019c1363-49c1-7000-8000-000000000000').success).toBe(true)
})
