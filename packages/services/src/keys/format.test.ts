import { expect, test } from 'vitest'
import { hashKey, hintOf, isKey, makeKey } from './format.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

test.each([
  ['secret', /^sk_ph_[0-9A-Za-z]{38}$/],
  ['public', /^pk_ph_[0-9A-Za-z]{38}$/],
] as const)('a %s key tells product and kind, and what follows is letters and digits', (kind, form) => {
  const keys = Array.from({ length: 200 }, () => makeKey(kind))
  for (const key of keys) {
    expect(key).toMatch(form)
    expect(isKey(key)).toBe(true)
  }
  expect(new Set(keys).size).toBe(200)
})

test('no key looks like that of another vendor to a secret scanner', () => {
  for (let round = 0; round < 100; round += 1) {
    expect(makeKey('secret')).not.toMatch(/(?:sk|rk)_(?:test|live|prod)_/)
  }
})

test('each place of the secret takes every letter, with no leaning', () => {
  const counts = new Map<string, number>()
  for (let round = 0; round < 2_000; round += 1) {
    for (const letter of makeKey('secret').slice(6, 38)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  const mean = (2_000 * 32) / ALPHABET.length
  expect([...counts.keys()].sort().join('')).toBe(ALPHABET)
  for (const count of counts.values()) expect(Math.abs(count - mean)).toBeLessThan(mean / 4)
})

test('any single wrong character is noticed without asking the database', () => {
  const key = makeKey('secret')
  const wrong = Array.from(key).flatMap((right, at) =>
    Array.from(`${ALPHABET}_-é `)
      .filter((letter) => letter !== right)
      .map((letter) => key.slice(0, at) + letter + key.slice(at + 1)),
  )
  expect(wrong.length).toBeGreaterThan(44 * 60)
  expect(wrong.filter(isKey)).toEqual([])
})

test('so are swapped, missing and added characters, and a change of kind', () => {
  const key = makeKey('secret')
  const wrong = Array.from(key).flatMap((right, at) => [
    key.slice(0, at) + key.slice(at + 1),
    `${key.slice(0, at)}a${key.slice(at)}`,
    key.slice(0, at) + (key[at + 1] ?? '') + right + key.slice(at + 2),
  ])
  expect([`pk${key.slice(2)}`, ...wrong].filter((text) => text !== key && isKey(text))).toEqual([])
})

test.each(['', 'sk_ph_', 'sk_live_abc', `sk_ph_${'0'.repeat(38)}`, ` ${makeKey('secret')}`, `${makeKey('secret')}\n`])(
  '%j is no key',
  (text) => {
    expect(isKey(text)).toBe(false)
  },
)

test('a hint shows the ends of a key and hides its middle', () => {
  const key = makeKey('public')
  expect(hintOf(key)).toBe(`pk_ph_••••${key.slice(-4)}`)
})

test('a key is looked up by its SHA-256', () => {
  expect(hashKey('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
