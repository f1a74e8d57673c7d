import { invoke } from '@posthorn/services'
import { testMailbox } from '@posthorn/testkit'
import { misbehavingSmtpServer } from '@posthorn/testkit/smtp/misbehaving-server'
import type { KyselyPlugin } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { countOutcomes, openOffice, startWorker } from './office.ts'

const MB = 1024 * 1024

/** Sees every row that a worker reads from the database. */
function watch(onRow: (row: Record<string, unknown>) => void): KyselyPlugin {
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      for (const row of result.rows) onRow(row)
      return result
    },
  }
}

test('however much waits, only so much is held in memory at once', { timeout: 60_000 }, async () => {
  const office = await openOffice()
  const project = await office.project()
  const server = await misbehavingSmtpServer()
  onTestFinished(server.close)
  let loadedBytes = 0
  const bodies = watch(({ html }) => {
    if (typeof html === 'string') loadedBytes += html.length
  })
  const worker = startWorker(office, {
    urls: [server.url],
    relay: { timeouts: { commandMs: 1000 }, pause: { minMs: 10, maxMs: 10 } },
    pollMs: 50,
    db: office.db.withPlugin(bodies),
  })
  // A fast relay at first, so that the worker gets used to taking on hundreds of mails at once.
  await project.sendMany(1500)
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 1500 }), 25_000)

  server.behave({ mail: 'stall' })
  const mail = { from: 'sender@example.com', to: 'reader@example.com', subject: 'Large', html: 'x'.repeat(MB) }
  await office.db.transaction().execute(async (db) => {
    for (let batch = 0; batch < 8; batch += 1) {
      await invoke({ ...project.ctx, db }, ['emails', 'sendBatch'], { emails: Array.from({ length: 10 }, () => mail) })
    }
  })
  // Nothing is done with before the first conversation is given up, so all that was loaded until then is held.
  await vi.waitFor(() => expect(loadedBytes).toBeGreaterThan(24 * MB), 5000)
  await vi.waitFor(() => expect(server.open).toBeLessThan(10), { timeout: 5000, interval: 5 })
  expect(loadedBytes).toBeLessThanOrEqual(36 * MB)
  server.behave({})
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 1580 }), 25_000)
  expect(worker.faults).toEqual([])
})

test('attachments are loaded for mails that are about to be sent, and for no others', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await testMailbox()
  onTestFinished(box.close)
  let loads = 0
  const attachments = watch((row) => void ('inline_id' in row && (loads += 1)))
  const attached = {
    attachments: [{ filename: 'a.bin', contentType: 'application/octet-stream', content: 'AAAA' }],
  }
  const db = office.db.withPlugin(attachments)
  startWorker(office, { urls: [box.url], db })
  await project.sendMany(20)
  const scheduledAt = new Date(Date.now() + 3600_000).toISOString()
  await project.sendMany(20, { ...attached, scheduledAt })
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 20, waiting: 20 }))
  expect(loads).toBe(0)
  await project.sendMany(7, attached)
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 27, waiting: 20 }))
  expect(loads).toBe(7)
})

test('attachments are bounded too: large ones are composed a few at a time', async () => {
  const office = await openOffice()
  const project = await office.project()
  const server = await misbehavingSmtpServer({ mail: 'stall' })
  onTestFinished(server.close)
  let loaded = 0
  const attachments = watch(({ content }) => {
    if (Buffer.isBuffer(content)) loaded += content.length
  })
  startWorker(office, { urls: [`${server.url}?connections=20`], db: office.db.withPlugin(attachments) })
  const content = Buffer.alloc(9 * MB, 'posthorn').toString('base64')
  const attached = { attachments: [{ filename: 'a.bin', contentType: 'application/octet-stream', content }] }
  for (let count = 0; count < 10; count += 1) await project.send(attached)
  // 192 MB are allowed, and each of the nine counts three times: seven fit.
  await vi.waitFor(() => expect(server.open).toBe(7), 10_000)
  expect(loaded).toBe(7 * 9 * MB)
})
