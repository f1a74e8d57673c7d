import { expect, test } from 'vitest'
import { sortKeys, type Key } from './living.ts'

const key = (id: string, change: Partial<Key> = {}): Key => ({
  id,
  name: id,
  kind: 'secret',
  status: 'active',
  hint: `sk_ph_••••${id}`,
  publicKey: null,
  scopes: [],
  allowedIps: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  lastUsedIp: null,
  replacedBy: null,
  ...change,
})
const ids = (keys: readonly Key[]) => keys.map(({ id }) => id)

test('the key that the project was made with is its main one, however many came after it', () => {
  const { main, more } = sortKeys([key('4'), key('3', { kind: 'public' }), key('2'), key('1', { kind: 'public' })])
  expect([main.secret?.id, main.public?.id]).toEqual(['2', '1'])
  expect(ids(more)).toEqual(['4', '3'])
})

test('what a main key was replaced by is main in its place, with the one before it while that one works', () => {
  const { main, more, ended } = sortKeys([
    key('5'),
    key('4', { status: 'expiring', replacedBy: '5' }),
    key('3'),
    key('2', { status: 'revoked', replacedBy: '4' }),
  ])
  expect([main.secret?.id, main.secret?.previous?.id]).toEqual(['5', '4'])
  expect(ids(more)).toEqual(['3'])
  expect(ids(ended)).toEqual(['2'])
})

test('a key in its overlap is shown even when its successor was ended first', () => {
  const { main, more, ended } = sortKeys([
    key('2', { status: 'revoked' }),
    key('1', { status: 'expiring', replacedBy: '2' }),
  ])
  expect(main.secret).toBeUndefined()
  expect(ids(more)).toEqual(['1'])
  expect(ids(ended)).toEqual(['2'])
})
