import { expect, test } from 'vitest'
import { createSecretBox } from './secrets.ts'

const box = createSecretBox('one master key of thirty-two characters')
const REFUSAL = /unable to authenticate|Invalid (?:authentication tag|initialization vector)/

test('what is sealed opens again, for its owner', () => {
  for (const plain of ['', 'sk_ph_abc', 'é🦉', 'x'.repeat(10_000)]) {
    expect(box.open(box.seal(plain, 'owner'), 'owner')).toBe(plain)
  }
})

test('it opens with no other master key, and for no other owner', () => {
  const sealed = box.seal('secret', 'owner')
  expect(() => createSecretBox('another master key of thirty-two chars').open(sealed, 'owner')).toThrow(REFUSAL)
  expect(() => box.open(sealed, 'somebody else')).toThrow(REFUSAL)
})

test('not a bit of it can be changed', () => {
  const sealed = box.seal('secret', 'owner')
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed[at] = changed[at]! ^ 1
    expect(() => box.open(changed, 'owner')).toThrow(REFUSAL)
  }
})

test('nothing of it can be cut off, even where its tag would still begin right', () => {
  for (const sealed of [box.seal('secret', 'owner'), box.seal('', 'owner')]) {
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => box.open(sealed.subarray(0, length), 'owner')).toThrow(REFUSAL)
    }
  }
})

test('the same secret is sealed differently each time, and cannot be seen in it', () => {
  const [one, other] = [box.seal('secret', 'owner'), box.seal('secret', 'owner')]
  expect(one.equals(other)).toBe(false)
  expect(one.includes('secret')).toBe(false)
})
