import { testMailbox } from '@posthorn/testkit'
import { expect, onTestFinished, test, vi } from 'vitest'
import { countOutcomes, expireLeases, openOffice, shutOut, startWorker } from './office.ts'

const messageIds = (messages: { raw: Buffer }[]) =>
  messages.map(({ raw }) => /^Message-ID: <([^@]+)@/im.exec(raw.toString('latin1'))?.[1] ?? '')
const toSorted = (ids: string[]) => ids.toSorted((a, b) => a.localeCompare(b))

test('when the database goes away in the middle, nothing is sent twice after it is back', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await testMailbox()
  onTestFinished(box.close)
  const ids = await project.sendMany(60)
  let shutting: ReturnType<typeof shutOut> | undefined
  const worker = startWorker(office, {
    urls: [box.url],
    pollMs: 50,
    onStep: (step) => void (step === 'delivered' && (shutting ??= shutOut(office))),
  })
  await vi.waitFor(() => expect(worker.faults.length).toBeGreaterThan(0), 5000)
  const { letIn } = await (shutting ?? Promise.reject(new Error('nothing was delivered')))
  await letIn()
  // What was delivered is written down first; what only waited has its lease run out.
  await vi.waitFor(async () => expect((await countOutcomes(office.db)).sent).toBe(box.messages.length), 10_000)
  await expireLeases(office.db)
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: ids.length }), 25_000)
  expect(toSorted(messageIds(box.messages))).toEqual(toSorted(ids))
})
