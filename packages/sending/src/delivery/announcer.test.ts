import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { heldOf, leasedEmails, openQueue, shutOut, type TestQueue } from '../../test/queue.ts'
import { createAnnouncer } from './announcer.ts'

const LEAST_AHEAD = 10

const announcedTo = async ({ db }: TestQueue) =>
  (await db.selectFrom('outbox_claims').select(['token', 'announced_to']).execute()).map(
    ({ token, announced_to }) => [token, announced_to] as const,
  )

/** An announcer of a worker that is slow, how many statements it has made, and who may begin. */
function slowAnnouncer(queue: TestQueue) {
  const faults: unknown[] = []
  let statements = 0
  const db = queue.db.withPlugin({
    transformQuery({ node }) {
      statements += 1
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const announcer = createAnnouncer({ db, perMs: () => 0, onFault: (error) => faults.push(error) })
  const ready = new Set<string>()
  return {
    announcer,
    ready,
    faults,
    statements: () => statements,
    announce: (all: ReturnType<typeof heldOf>) =>
      Promise.all(all.map((held) => announcer.announce(held).then(() => ready.add(held.emailId)))),
  }
}

test('mail is announced in few statements, and only a few ahead of those that begin', async () => {
  const queue = await openQueue()
  const emails = await leasedEmails(queue, 25)
  const held = heldOf(emails)
  const { announcer, announce, ready, statements, faults } = slowAnnouncer(queue)
  const all = announce(held)
  await vi.waitFor(() => expect(ready.size).toBe(LEAST_AHEAD))
  expect(await announcedTo(queue)).toEqual([[emails.token, LEAST_AHEAD]])

  for (const one of held.slice(0, LEAST_AHEAD - 1)) announcer.pass(one)
  await vi.waitFor(() => expect(ready.size).toBeGreaterThan(LEAST_AHEAD))
  expect(ready.size).toBeLessThan(held.length)
  for (const one of held) announcer.pass(one)
  await vi.waitFor(() => {
    for (const one of held) if (ready.has(one.emailId)) announcer.pass(one)
    expect(ready.size).toBe(held.length)
  })
  await all
  expect(await announcedTo(queue)).toEqual([[emails.token, held.length]])
  expect(statements()).toBeLessThanOrEqual(5)
  expect(held.every(({ isHeld }) => isHeld)).toBe(true)
  expect(faults).toEqual([])
})

test('what the claim announced, or what stands before something that was announced, costs no statement', async () => {
  const queue = await openQueue()
  const emails = await leasedEmails(queue, 3)
  const held = heldOf(emails)
  held[0]!.place = 0
  const { announce, statements } = slowAnnouncer(queue)
  await announce([held[0]!])
  expect(statements()).toBe(0)
  await announce([held[2]!])
  await announce([held[1]!])
  expect(statements()).toBe(1)
})

test('whoever lost the lease learns it before anything begins', async () => {
  const queue = await openQueue()
  const [lost, kept] = [await leasedEmails(queue, 2), await leasedEmails(queue, 2)]
  await sql`update outbox set due_at = now() where lease_token = ${lost.token}`.execute(queue.db)
  const [mine, others] = [heldOf(lost), heldOf(kept)]
  await slowAnnouncer(queue).announce([...mine, ...others])
  expect(mine.map(({ isHeld }) => isHeld)).toEqual([false, false])
  expect(others.map(({ isHeld }) => isHeld)).toEqual([true, true])
})

test('while the database is away nothing begins, and afterwards everything whose lease still lasts', async () => {
  const queue = await openQueue()
  const emails = await leasedEmails(queue, 2)
  const [alive, late] = [heldOf(emails)[0]!, heldOf(emails, { heldUntilMs: performance.now() })[1]!]
  const { announce, ready, faults } = slowAnnouncer(queue)
  const { letIn } = await shutOut(queue)
  const both = announce([alive, late])
  await vi.waitFor(() => expect(faults.length).toBeGreaterThan(0), 5000)
  expect(ready).not.toContain(alive.emailId)
  await letIn()
  await both
  expect(await announcedTo(queue)).toEqual([[emails.token, 1]])
  expect(faults.length).toBeGreaterThan(0)
})

test('everybody can be let through, and then nothing is announced for them', async () => {
  const queue = await openQueue()
  const emails = await leasedEmails(queue, 2)
  const { announcer, announce } = slowAnnouncer(queue)
  const all = announce(heldOf(emails, { isHeld: false }))
  announcer.admitAll()
  await all
  expect(await announcedTo(queue)).toEqual([])
})
