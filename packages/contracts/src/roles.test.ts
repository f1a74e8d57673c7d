import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { operationList } from './operations.ts'
import { CHANGE_PERMISSIONS } from './people/live.ts'
import { peopleOperationList } from './people/index.ts'
import { roleRows } from './roles-docs.ts'
import { PEOPLE_PERMISSION_WORDS, PERMISSIONS, ROLE_PERMISSIONS, ROLE_WORDS, ROLES } from './roles.ts'
import { GRANTABLE_SCOPES, SCOPES } from './scopes.ts'

/** The formatter pads tables; the cells are what counts. */
const cells = (row: string) => row.split('|').map((cell) => cell.trim())

test('docs/projects.md lists every permission, and which role holds it', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/projects.md'), 'utf8')
  const listed = page.split('\n').filter((line) => /^\| `[a-z]+:[a-z]+` +\|/.test(line))
  expect(listed.map(cells)).toEqual(roleRows().map(cells))
  for (const role of ROLES) expect(page).toContain(ROLE_WORDS[role])
})

test('each role holds what the one below it holds', () => {
  const [owner, ...others] = ROLES.map((role) => ROLE_PERMISSIONS[role])
  expect(owner).toEqual(PERMISSIONS)
  let above = owner as readonly string[]
  for (const permissions of others) {
    expect(above).toEqual(expect.arrayContaining([...permissions]))
    expect(permissions.length).toBeLessThan(above.length)
    above = permissions
  }
})

test('a viewer can call nothing that changes something', () => {
  const held = ROLE_PERMISSIONS.viewer
  const keyCalls = operationList.filter(({ scope, readsByPost }) => held.includes(scope) && !readsByPost)
  expect(keyCalls.filter(({ rest }) => rest.method !== 'GET').map(({ name }) => name)).toEqual([])
  const calls = peopleOperationList.filter(({ permission }) => permission !== undefined && held.includes(permission))
  expect(calls.filter(({ call }) => call !== 'query').map(({ name }) => name)).toEqual(['members.leave'])
})

test('no key can be given what only people may do', () => {
  const people = Object.keys(PEOPLE_PERMISSION_WORDS)
  expect(people.filter((permission) => (SCOPES as string[]).includes(permission))).toEqual([])
  expect([...GRANTABLE_SCOPES.secret, ...GRANTABLE_SCOPES.public].filter((scope) => people.includes(scope))).toEqual([])
})

test('every permission is asked for by an operation, and every operation asks for one that exists', () => {
  const asked = new Set([
    ...operationList.map(({ scope }) => scope),
    ...peopleOperationList.flatMap(({ permission }) => permission ?? []),
    ...Object.values(CHANGE_PERMISSIONS),
  ])
  expect([...asked].toSorted()).toEqual([...PERMISSIONS].toSorted())
})
