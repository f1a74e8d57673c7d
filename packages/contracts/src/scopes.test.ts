import { expect, test } from 'vitest'
import { GRANTABLE_SCOPES, KEY_KINDS, KEY_SCOPES, SCOPE_WORDS, SCOPES } from './scopes.ts'

test('a public key reports events and can never be given more', () => {
  expect(KEY_SCOPES.public).toEqual(['events:track'])
  expect(GRANTABLE_SCOPES.public).toEqual(['events:track'])
})

test('whatever a public key may do, a secret key may do too', () => {
  for (const scope of KEY_SCOPES.public) expect(KEY_SCOPES.secret).toContain(scope)
})

test('a secret key holds everything but the audit log, erasing and the keys themselves, unless it was given those on purpose', () => {
  const onPurpose = SCOPES.filter((scope) => !KEY_SCOPES.secret.includes(scope))
  expect(onPurpose).toEqual(['contacts:erase', 'audit:read', 'keys:read', 'keys:write', 'keys:reveal'])
  expect(GRANTABLE_SCOPES.secret).toEqual(SCOPES)
})

test('no kind of key holds by default what it cannot be given', () => {
  for (const kind of KEY_KINDS) {
    for (const scope of KEY_SCOPES[kind]) expect(GRANTABLE_SCOPES[kind]).toContain(scope)
  }
})

test('each scope is named noun:act and explained in words', () => {
  for (const [scope, words] of Object.entries(SCOPE_WORDS)) {
    expect(scope).toMatch(/^[a-z]+:[a-z]+$/)
    expect(words).toMatch(/^[A-Z].*[a-z]$/)
  }
})
