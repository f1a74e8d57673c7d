import { expect, test } from 'vitest'
import { z } from 'zod'
import { ERRORS } from './errors.ts'
import { LIMITS } from './limits.ts'
import { findOperation, isQuery, operationList, operations } from './operations.ts'
import { peopleOperationList } from './people/index.ts'
import { GRANTABLE_SCOPES, SCOPES } from './scopes.ts'

const isUnique = (values: readonly string[]) => new Set(values).size === values.length
const named = operationList.map((operation) => [operation.name, operation] as const)

test('every operation of the table is in the list, once', () => {
  const names = Object.entries(operations).flatMap(([noun, verbs]) =>
    Object.keys(verbs).map((verb) => `${noun}.${verb}`),
  )
  expect(operationList.map(({ name }) => name)).toEqual(names)
  expect(isUnique(names)).toBe(true)
})

test('no two operations have the same REST address, whatever their path parameters are called', () => {
  const addresses = operationList.map(({ rest }) => `${rest.method} ${rest.path.replaceAll(/\{\w+\}/g, '{}')}`)
  expect(isUnique(addresses)).toBe(true)
})

test('every schema that is named has a name of its own', () => {
  const ids = new Map<string, unknown>()
  for (const { input, output } of operationList) {
    for (const schema of [input, output]) {
      const id = schema.meta()?.id
      if (id === undefined) continue
      expect(ids.get(id) ?? schema).toBe(schema)
      ids.set(id, schema)
    }
  }
  expect(ids.size).toBeGreaterThan(operationList.length)
})

test.each(named)('%s says what it does, in one line', (_, { summary }) => {
  expect(summary).toMatch(/^[A-Z][^\n]{5,100}[^.\s]$/)
})

test.each(named)('%s needs a scope that a secret key can be given', (_, { scope }) => {
  expect(SCOPES).toContain(scope)
  expect(GRANTABLE_SCOPES.secret).toContain(scope)
})

test.each(named)('%s takes the parameters of its path', (_, { rest, input }) => {
  expect(rest.path).toMatch(/^\/v1(?:\/(?:[a-z-]+|\{\w+\}))+$/)
  for (const [, name] of rest.path.matchAll(/\{(\w+)\}/g)) expect(Object.keys(input.shape)).toContain(name)
})

test.each(named)('%s names its input and answers with an object', (_, { input, output }) => {
  expect(input).toBeInstanceOf(z.ZodObject)
  expect(output).toBeInstanceOf(z.ZodObject)
  expect(input.meta()?.id).toMatch(/^[A-Z]\w+$/)
  expect(output.meta()?.id).toMatch(/^[A-Z]\w+$/)
})

function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return innermost(schema.unwrap())
  return schema instanceof z.ZodCodec ? innermost(schema.in) : schema
}

test('what is asked for by GET fits into a query: no field is a list or an object', () => {
  for (const { input, name } of operationList.filter(isQuery)) {
    for (const [field, schema] of Object.entries(input.shape)) {
      const inner = innermost(schema)
      const flat = [inner, ...(inner instanceof z.ZodUnion ? inner.options.map(innermost) : [])]
      for (const one of flat) {
        expect(
          one instanceof z.ZodArray || one instanceof z.ZodObject || one instanceof z.ZodRecord,
          `${name} ${field}`,
        ).toBe(false)
      }
    }
  }
})

test('the API changes nothing by GET', () => {
  const changing = /:(?:send|write|track|reveal|erase)$/
  const queries = operationList.filter(isQuery)
  const reading = operationList.filter(({ scope, readsByPost }) => !changing.test(scope) && !readsByPost)
  expect(queries).toEqual(reading)
})

test('every answer that holds a secret is marked, so that it is never kept for replays', () => {
  const holdsKey = (schema: z.core.$ZodType): boolean =>
    schema instanceof z.ZodObject &&
    Object.entries(schema.shape).some(
      ([name, inner]) => (name === 'key' && inner instanceof z.ZodString) || holdsKey(inner),
    )
  const marked = operationList.filter(({ secretAnswer }) => secretAnswer).map(({ name }) => name)
  expect(operationList.filter(({ output }) => holdsKey(output)).map(({ name }) => name)).toEqual(marked)
  expect(marked).toEqual(['keys.create', 'keys.regenerate', 'keys.reveal'])
})

test('a body limit is only raised, and leaves room for the attachments it is raised for', () => {
  const raised = operationList.flatMap(({ bodyLimitBytes }) => bodyLimitBytes ?? [])
  expect(Math.min(...raised)).toBeGreaterThan(LIMITS.requestBytes)
  expect(LIMITS.mailRequestBytes).toBeGreaterThan((LIMITS.attachmentBytesPerRequest * 4) / 3 + 2 * LIMITS.bodyLength)
})

test.each([
  ['__proto__', 'toString'],
  ['constructor', 'name'],
  ['emails', '__proto__'],
  ['emails', 'constructor'],
  ['emails', 'hasOwnProperty'],
  ['emails', ''],
  ['emails', 'Send'],
  ['emails.send', ''],
])('there is no operation %s.%s', (noun, verb) => {
  expect(findOperation(noun, verb)).toBeUndefined()
})

test('each refusal has a status that says whose fault it is, a meaning, and a way out', () => {
  for (const [code, { status, meaning, remedy }] of Object.entries(ERRORS)) {
    expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(meaning).toMatch(/^[A-Z].+\.$/)
    expect(remedy).toMatch(/^[A-Z].+\.$/)
  }
})

test('no query takes a secret, as its input stands in an address, and so in logs and histories', () => {
  const queries = [...operationList.filter(isQuery), ...peopleOperationList.filter(({ call }) => call === 'query')]
  const secrets = queries.flatMap(({ name, input }) =>
    Object.keys(input.shape)
      .filter((field) => /token|password|secret|^code$/i.test(field))
      .map((field) => `${name} ${field}`),
  )
  // The code of a refusal, by which a log is searched.
  expect(secrets).toEqual(['requests.list code'])
})
