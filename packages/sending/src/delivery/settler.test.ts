import { randomUUID } from 'node:crypto'
import type { Settlement } from '@posthorn/outbox'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { leasedEmails, openQueue, shutOut, type LeasedEmails, type TestQueue } from '../../test/queue.ts'
import { createSettler } from './settler.ts'

const sent = { next: { end: 'sent' } } as const
const settlementsOf = ({ ids, token }: LeasedEmails, more: Pick<Settlement, 'next' | 'reason'> = sent) =>
  ids.map((emailId) => ({ emailId, token, ...more }))

async function outcomes({ db }: TestQueue, projectId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ outcome: string; count: number }>`
    select coalesce(outcome, 'waiting') as outcome, count(*)::int as count from emails
    where project_id = ${projectId} group by 1
  `.execute(db)
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]))
}

test('what comes in together is written in few statements, each of one project, and is written when it resolves', async () => {
  const queue = await openQueue()
  const [one, other] = [await leasedEmails(queue, 250), await leasedEmails(queue, 10)]
  let statements = 0
  const counting = queue.db.withPlugin({
    transformQuery({ node }) {
      statements += 1
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const settler = createSettler(counting, { onFault: (error) => expect(error).toBeUndefined() })
  await Promise.all([
    ...settlementsOf(one).map((settlement) => settler.add(one.projectId, settlement)),
    ...settlementsOf(other).map((settlement) => settler.add(other.projectId, settlement)),
  ])
  expect(await outcomes(queue, one.projectId)).toEqual({ sent: 250 })
  expect(await outcomes(queue, other.projectId)).toEqual({ sent: 10 })
  expect(statements).toBe(3)
})

test('an outcome that cannot be stored takes no other with it', async () => {
  const queue = await openQueue()
  const emails = await leasedEmails(queue, 20)
  const faults: unknown[] = []
  const settler = createSettler(queue.db, { onFault: (error) => faults.push(error) })
  const settlements: Settlement[] = settlementsOf(emails)
  const bad = settlements[7]!
  bad.attempt = {
    startedAt: new Date(),
    durationMs: 1,
    outcome: 'accepted',
    stage: 'final',
    reason: 'ok',
    // No SMTP code, and more than the column holds.
    code: 99_999,
    words: '',
  }
  await Promise.all(settlements.map((settlement) => settler.add(emails.projectId, settlement)))
  expect(await outcomes(queue, emails.projectId)).toEqual({ sent: 19, waiting: 1 })
  expect(faults).toMatchObject([{ code: '22003' }])
})

test('while the database is away outcomes are kept, and written down when it is back', async () => {
  const queue = await openQueue()
  const emails = await leasedEmails(queue, 3)
  const faults: unknown[] = []
  const settler = createSettler(queue.db, { onFault: (error) => faults.push(error) })
  const { letIn } = await shutOut(queue)
  const settled = Promise.all(settlementsOf(emails).map((settlement) => settler.add(emails.projectId, settlement)))
  await vi.waitFor(() => expect(faults.length).toBeGreaterThan(0), 5000)
  await letIn()
  await settled
  expect(await outcomes(queue, emails.projectId)).toEqual({ sent: 3 })
})

test('a worker that stops does not wait for a database that stays away', async () => {
  const queue = await openQueue()
  const emails = await leasedEmails(queue)
  const faults: unknown[] = []
  const settler = createSettler(queue.db, { onFault: (error) => faults.push(error) })
  const { letIn } = await shutOut(queue)
  const settled = settler.add(emails.projectId, settlementsOf(emails)[0]!)
  await vi.waitFor(() => expect(faults.length).toBeGreaterThan(0), 5000)
  settler.close()
  await settled
  await letIn()
  expect(await outcomes(queue, emails.projectId)).toEqual({ waiting: 1 })
})

test('what belongs to a lease that was lost resolves, and changes nothing', async () => {
  const queue = await openQueue()
  const { projectId, ids } = await leasedEmails(queue)
  const settler = createSettler(queue.db, { onFault: (error) => expect(error).toBeUndefined() })
  await settler.add(projectId, { emailId: ids[0]!, token: randomUUID(), ...sent })
  expect(await outcomes(queue, projectId)).toEqual({ waiting: 1 })
})
