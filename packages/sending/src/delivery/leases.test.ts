import { announce, LEASE_SECONDS } from '@posthorn/outbox'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { heldOf, leasedEmails, openQueue, type TestQueue } from '../../test/queue.ts'
import { createLeases, leaseEndMs } from './leases.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

async function leases(queue: TestQueue, count: number) {
  const emails = await leasedEmails(queue, count)
  const faults: unknown[] = []
  const leases = createLeases(queue.db, (error) => faults.push(error))
  const held = heldOf(emails, { heldUntilMs: leaseEndMs() - 30_000 })
  for (const one of held) leases.add(one)
  return { emails, leases, held, faults }
}

const dueInSeconds = async ({ db }: TestQueue, emailId: string) => {
  const { rows } = await sql<{ seconds: number }>`
    select extract(epoch from due_at - now())::float8 as seconds from outbox where email_id = ${emailId}
  `.execute(db)
  return rows[0]?.seconds
}

test('leases are renewed for as long as the worker has the mail, and no longer', async () => {
  const queue = await openQueue()
  const { emails, leases: all, held, faults } = await leases(queue, 2)
  await sql`update outbox set due_at = now() + interval '20 seconds'`.execute(queue.db)
  all.remove(held[1]!)
  const before = held[0]!.heldUntilMs
  vi.advanceTimersByTime(15_000)
  await vi.waitFor(() => expect(held[0]!.heldUntilMs).toBeGreaterThan(before))
  expect(await dueInSeconds(queue, emails.ids[0]!)).toBeGreaterThan(LEASE_SECONDS - 5)
  expect(await dueInSeconds(queue, emails.ids[1]!)).toBeLessThanOrEqual(20)
  await all.close()
  expect(faults).toEqual([])
})

test('a worker learns that its lease went to another', async () => {
  const queue = await openQueue()
  const { emails, leases: all, held } = await leases(queue, 2)
  await sql`update outbox set lease_token = gen_random_uuid() where email_id = ${emails.ids[0]}`.execute(queue.db)
  vi.advanceTimersByTime(15_000)
  await vi.waitFor(() => expect(held[0]!.isHeld).toBe(false))
  expect(held[1]!.isHeld).toBe(true)
  await all.close()
})

test('a database that is away ends no lease before its time', async () => {
  const queue = await openQueue()
  const { leases: all, held, faults } = await leases(queue, 1)
  await sql`alter table outbox rename to elsewhere`.execute(queue.db)
  const before = held[0]!.heldUntilMs
  vi.advanceTimersByTime(15_000)
  await vi.waitFor(() => expect(faults).toHaveLength(1))
  expect(held[0]).toMatchObject({ isHeld: true, heldUntilMs: before })
  await all.close()
})

test('what is on its way waits no more, and is not handed back', async () => {
  const queue = await openQueue()
  const { emails, leases: all, held } = await leases(queue, 3)
  expect(all.waiting).toBe(3)
  all.begin(held[0]!)
  all.remove(held[1]!)
  expect(all.waiting).toBe(1)
  expect(all.untouched()).toEqual([held[2]])
  all.remove(held[0]!)
  expect(all.waiting).toBe(1)
  await all.handBack(all.untouched(), { delaySeconds: 0 })
  const rows = await queue.db.selectFrom('outbox').select('email_id').where('lease_token', 'is', null).execute()
  expect(rows).toEqual([{ email_id: emails.ids[2] }])
  await all.close()
})

test('what was announced is forgotten with the last email of its claim, unless one of them is in doubt', async () => {
  const queue = await openQueue()
  const [done, inDoubt] = [await leasedEmails(queue, 2), await leasedEmails(queue, 2)]
  const leases = createLeases(queue.db, (error) => expect(error).toBeUndefined())
  const announcedTokens = async () =>
    (await queue.db.selectFrom('outbox_claims').select('token').execute()).map(({ token }) => token)
  for (const emails of [done, inDoubt]) {
    const held = heldOf(emails)
    const [first] = held
    await announce(queue.db, emails.projectId, { token: emails.token, emailId: first!.emailId, place: 1 })
    first!.claim.isNoted = true
    for (const one of held) leases.add(one)
    leases.begin(first!)
    first!.isSettled = emails === done
    leases.remove(first!)
    vi.advanceTimersByTime(15_000)
    expect(await announcedTokens()).toContain(emails.token)
    leases.remove(held[1]!)
  }
  vi.advanceTimersByTime(15_000)
  await vi.waitFor(async () => expect(await announcedTokens()).toEqual([inDoubt.token]))
  await leases.close()
})
