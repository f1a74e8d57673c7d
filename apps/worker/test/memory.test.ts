import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from '@posthorn/contracts'
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

test('however much waits, only so much is held in memory at once', { timeout: 120_000 }, async () => {
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
    relay: { timeouts: { commandMs: 12_000 }, pause: { minMs: 10, maxMs: 10 } },
    pollMs: 50,
    db: office.db.withPlugin(bodies),
  })
  server.behave({ mail: 'stall' })
  // As large as a mail can be: the fewest that a worker ever takes on at once come to more than it may hold.
  const html = 'x'.repeat(LIMITS.bodyLength)
  const mail = { from: 'sender@example.com', to: 'reader@example.com', subject: 'Large', html }
  await office.db.transaction().execute(async (db) => {
    for (let batch = 0; batch < 8; batch += 1) {
      await invoke({ ...project.ctx, db }, ['emails', 'sendBatch'], { emails: Array.from({ length: 5 }, () => mail) })
    }
  })
  // Nothing is done with before the first conversation is given up: all that is loaded until then is held.
  await vi.waitFor(async () => {
    const before = loadedBytes
    await sleep(500)
    expect([before > 24 * MB, loadedBytes]).toEqual([true, before])
  }, 11_000)
  expect(loadedBytes).toBeLessThanOrEqual(36 * MB)
  server.behave({})
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 40 }), 60_000)
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
