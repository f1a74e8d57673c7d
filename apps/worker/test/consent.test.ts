import { invoke } from '@posthorn/services'
import { testMailbox } from '@posthorn/testkit'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openOffice, passTime, startWorker } from './office.ts'

const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString()

test('marketing mail that waited goes to those alone who are subscribed and get its topic when it is sent', async () => {
  const box = await testMailbox()
  onTestFinished(box.close)
  const office = await openOffice()
  const { id: projectId, ctx, send, get } = await office.project()
  await invoke(ctx, ['project', 'update'], { postalAddress: '1 Test Street, 10115 Berlin' })
  const { id: template } = await invoke(ctx, ['templates', 'create'], {
    name: 'News',
    type: 'MARKETING',
    subject: 'News',
    body: '<p>News</p>',
  })
  for (const topic of ['weekly', 'dropped']) {
    await invoke(ctx, ['topics', 'create'], { id: topic, name: topic, subscribedByDefault: true })
  }
  const waiting: Record<string, string> = {}
  const wait = async (name: string, mail: object = { template }) => {
    const email = `${name}@example.com`
    await invoke(ctx, ['contacts', 'upsert'], { email, subscribed: true })
    waiting[name] = await send({ subject: 'News', ...mail, to: email, scheduledAt: IN_AN_HOUR })
  }
  const about = (topic: string) => ({ template, topic })
  for (const name of ['stays', 'left', 'deleted', 'moved', 'moved-and-refused', 'refused']) await wait(name)
  for (const name of ['reads', 'unreads']) await wait(name, about('weekly'))
  await wait('topicless', about('dropped'))
  await wait('paid', {})

  for (const name of ['left', 'paid']) {
    await invoke(ctx, ['contacts', 'update'], { id: `${name}@example.com`, subscribed: false })
  }
  await invoke(ctx, ['contacts', 'delete'], { id: 'deleted@example.com' })
  await invoke(ctx, ['contacts', 'update'], { id: 'unreads@example.com', topics: { weekly: false } })
  await invoke(ctx, ['topics', 'delete'], { id: 'dropped' })
  for (const name of ['moved', 'moved-and-refused']) {
    await invoke(ctx, ['contacts', 'update'], { id: `${name}@example.com`, email: `now-${name}@example.com` })
    // Whose address it is now never asked for this mail.
    await invoke(ctx, ['contacts', 'upsert'], { email: `${name}@example.com`, subscribed: name === 'moved' })
  }
  await sql`
    insert into refused_addresses (project_id, hash) values (${projectId}, address_hash(${projectId}, 'refused@example.com'))
  `.execute(office.db)
  await passTime(office.db)
  const { faults } = startWorker(office, { urls: [box.url] })

  const GONE = { status: 'cancelled', reason: 'The recipient is not subscribed any more.', attempts: 0, sentAt: null }
  const gone = { left: GONE, deleted: GONE, moved: GONE, 'moved-and-refused': GONE, refused: GONE }
  const expected = { stays: {}, ...gone, reads: {}, unreads: GONE, topicless: GONE, paid: {} }
  for (const [name, ending] of Object.entries(expected)) {
    // Safe because each of these waits.
    const state = () => get(waiting[name] as string)
    await vi.waitFor(async () => expect(await state()).toMatchObject({ status: 'sent', ...ending }), 10_000)
  }
  expect(new Set(box.messages.flatMap(({ to }) => to))).toEqual(
    new Set(['paid', 'reads', 'stays'].map((name) => `${name}@example.com`)),
  )
  expect(box.messages).toHaveLength(3)
  expect(faults).toEqual([])
})
