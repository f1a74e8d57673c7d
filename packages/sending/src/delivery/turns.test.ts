import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Relays with so many connections, and mails that stand in line for one and keep it. */
function office(free: number) {
  const relays = { free }
  const turns = createTurns(relays)
  const begun: number[] = []
  return {
    relays,
    turns,
    begun,
    async mail(name: number) {
      await turns.next()
      relays.free -= 1
      begun.push(name)
    },
  }
}

test('as many begin as there are connections, first come, first served', async () => {
  const { begun, mail, relays, turns } = office(2)
  const all = [1, 2, 3, 4].map((name) => mail(name))
  await settled()
  expect(begun).toEqual([1, 2])
  relays.free += 1
  turns.admit()
  await settled()
  expect(begun).toEqual([1, 2, 3])
  turns.admitAll()
  await Promise.all(all)
})

test('one free connection is not promised twice, however often it is called in one go', async () => {
  const { begun, mail, relays, turns } = office(0)
  const all = [1, 2, 3].map((name) => mail(name))
  relays.free = 1
  turns.admit()
  turns.admit()
  turns.admit()
  await settled()
  expect(begun).toEqual([1])
  turns.admitAll()
  await Promise.all(all)
})

test('everybody in line can be let through, and the next one waits again', async () => {
  const { begun, mail, turns } = office(0)
  const first = mail(1)
  turns.admitAll()
  await first
  const second = mail(2)
  await settled()
  expect(begun).toEqual([1])
  turns.admitAll()
  await second
})
