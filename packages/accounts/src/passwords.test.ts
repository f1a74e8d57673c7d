import { createHook } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { hashPassword, passwordProblem, verifyPassword } from './passwords.ts'

test('a password is kept as argon2id with at least 19 MiB, two passes and one lane, and a salt of its own', async () => {
  const hash = await hashPassword('an umbrella for the moon')
  const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$[\w+/]{22}\$[\w+/]{43}$/.exec(hash) ?? []
  expect(Number(memory)).toBeGreaterThanOrEqual(19 * 1024)
  expect(Number(passes)).toBeGreaterThanOrEqual(2)
  expect(await hashPassword('an umbrella for the moon')).not.toBe(hash)
})

test('the reference hash of another implementation verifies', async () => {
  // Made by argon2-cffi: time_cost=2, memory_cost=19456, parallelism=1, salt `somesaltsomesalt`.
  const hash = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$K13EBUiG7JV+9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE'
  expect(await verifyPassword({ hash, password: 'password' })).toBe(true)
})

test.each([
  ['all of a long one counts', 'x'.repeat(255) + 'a', 'x'.repeat(255) + 'b'],
  ['blanks at the ends count', ' password and more ', 'password and more'],
  ['case counts', 'Correct Horse Battery', 'correct horse battery'],
  ['a NUL ends nothing', 'before\0after', 'before\0other'],
  ['letters of any script count', 'пароль 密码 🔑🔑', 'пароль 密码 🔑🔒'],
])('%s', async (_, password, other) => {
  const hash = await hashPassword(password)
  expect(await verifyPassword({ hash, password })).toBe(true)
  expect(await verifyPassword({ hash, password: other })).toBe(false)
})

test('the same letters typed in two ways are one password', async () => {
  const hash = await hashPassword('caf\u00e9 au lait')
  expect(await verifyPassword({ hash, password: 'cafe\u0301 au lait' })).toBe(true)
})

test.each([
  'password',
  'PASSWORD',
  'qwertyuiop',
  'football',
  '1234567890',
  'trustno1',
  'sunshine',
  'ｐａｓｓｗｏｒｄ',
  'ＰａＳＳｗｏｒｄ',
  '１２３４５６７８９０',
])('%s is refused: it is among those that are tried first, as what is hashed of it', (password) =>
  expect(passwordProblem(password)).toMatch(/tried first/),
)

test.each([
  ['1234567', /at least 8/],
  ['🔑'.repeat(7), /at least 8/],
  ['x'.repeat(257), /at most 256/],
])('%s is refused', (password, words) => expect(passwordProblem(password)).toMatch(words))

test.each(['plum tree', '🔑'.repeat(8), 'x'.repeat(256), 'one ring to rule them all', '        '])(
  '“%s” is taken',
  (password) => expect(passwordProblem(password)).toBeUndefined(),
)

test('hashing happens off the event loop, a few at a time however many ask', async () => {
  const running = new Set<number>()
  let most = 0
  let begun = 0
  const hook = createHook({
    init(id, type) {
      if (!/argon2/i.test(type)) return
      running.add(id)
      begun += 1
      most = Math.max(most, running.size)
    },
    before: (id) => void running.delete(id),
  }).enable()
  let turns = 0
  const ticking = setInterval(() => (turns += 1), 1)
  await Promise.all(Array.from({ length: 12 }, (_, index) => hashPassword(`password number ${index}`)))
  clearInterval(ticking)
  hook.disable()
  expect(begun).toBe(12)
  expect(most).toBeLessThanOrEqual(3)
  expect(turns).toBeGreaterThan(3)
})
