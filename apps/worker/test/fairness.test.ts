import { STREAMS, type Stream } from '@posthorn/outbox'
import { misbehavingSmtpServer } from '@posthorn/testkit/smtp/misbehaving-server'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openOffice, startWorker, type Office, type Project } from './office.ts'

/** Copies an accepted mail so many times, in one statement, as a campaign's fan-out would. */
async function multiply({ db }: Office, project: Project, { count, stream }: { count: number; stream: Stream }) {
  const id = await project.send({ to: 'crowd@example.com' })
  await sql`
    with copies as (
      insert into emails (project_id, id, content_id, contact_id, from_email, to_email, subject, captured)
      select project_id, gen_random_uuid(), content_id, contact_id, from_email, to_email, subject, captured
      from emails, generate_series(1, ${count}::int) where project_id = ${project.id} and id = ${id}
      returning project_id, id
    )
    insert into outbox (project_id, email_id, stream, due_at, first_due_at, size_bytes)
    select project_id, id, ${stream}, now(), now(), 6 from copies
  `.execute(db)
}

/** A relay that takes a few hundred mails a second, and knows who they were for. */
async function slowRelay() {
  const server = await misbehavingSmtpServer({ final: 'drip' }, { dripMs: 1 })
  onTestFinished(server.close)
  const recipients = () => server.messages.flatMap(({ to }) => to)
  return { ...server, url: server.url, recipients }
}

type Relay = Awaited<ReturnType<typeof slowRelay>>

/** Sends one mail while others drain, and answers with how many of the others overtook it. */
async function overtaking(relay: Relay, project: Project): Promise<number> {
  await vi.waitFor(() => expect(relay.messages.length).toBeGreaterThan(200), 10_000)
  const before = relay.messages.length
  await project.send({ to: 'single@example.com' })
  return vi.waitFor(() => {
    const place = relay.recipients().indexOf('single@example.com')
    expect(place).toBeGreaterThan(-1)
    return place - before
  }, 10_000)
}

test.each([
  ['transactional', STREAMS.transactional],
  ['campaign', STREAMS.campaign],
])('ten thousand waiting %s mails of one project do not delay the single mail of another', async (_, stream) => {
  const office = await openOffice()
  const [crowd, single] = [await office.project(), await office.project()]
  await multiply(office, crowd, { count: 10_000, stream })
  const relay = await slowRelay()
  startWorker(office, { urls: [relay.url] })
  expect(await overtaking(relay, single)).toBeLessThan(200)
})

test('ten thousand waiting campaign mails do not delay a transactional mail of the same project', async () => {
  const office = await openOffice()
  const project = await office.project()
  await multiply(office, project, { count: 10_000, stream: STREAMS.campaign })
  const relay = await slowRelay()
  startWorker(office, { urls: [relay.url] })
  expect(await overtaking(relay, project)).toBeLessThan(200)
})

test('a single mail has its turn also where more projects are busy than a worker can serve at once', async () => {
  const office = await openOffice()
  for (let count = 0; count < 60; count += 1) {
    await multiply(office, await office.project(), { count: 100, stream: STREAMS.transactional })
  }
  const relay = await slowRelay()
  startWorker(office, { urls: [relay.url] })
  expect(await overtaking(relay, await office.project())).toBeLessThan(200)
})
