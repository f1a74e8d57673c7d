import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { OLIVE } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn
let scene: Scene

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
})
afterAll(() => posthorn?.stop())

const open = (path: string) => visit(posthorn, `/p/${scene.project.id}/analytics${path}`, { as: OLIVE })

/** So many mails of a domain on a day, counted as if they had been sent then. */
const count = (at: string, { domain, sent, failed }: { domain: string; sent: number; failed: number }) =>
  sql`
    insert into email_tallies (project_id, quarter, streams, template_ids, domains, accepted, sent, failed)
    values (${scene.project.id}, ${at}::timestamptz, '{0}', '{null}', ${[domain]}, ${[sent + failed]}, ${[sent]}, ${[failed]})
  `.execute(posthorn.db)

test('the numbers of a time are shown beside those before it, by domain, template and hour', async () => {
  await count('2026-02-02T10:00:00Z', { domain: 'gmail.com', sent: 40, failed: 10 })
  await count('2026-02-03T09:15:00Z', { domain: 'gmail.com', sent: 90, failed: 0 })
  await count('2026-02-03T10:00:00Z', { domain: 'proton.me', sent: 8, failed: 2 })
  const page = await open('?since=2026-02-03T00:00:00Z&until=2026-02-04T00:00:00Z&timeZone=UTC')
  const main = page.getByRole('main')
  await main.getByText('98', { exact: true }).first().waitFor()
  await main.getByText('100% more than before').waitFor()
  await main.getByText('80% fewer than before').waitFor()
  const row = (name: string) => main.getByRole('row').filter({ hasText: name })
  await row('proton.me').getByText('80%').waitFor()
  await main.getByText('The same as a table').click()
  await row('3 Feb, 09:00').getByText('90', { exact: true }).first().waitFor()
  await main.getByText('Templates', { exact: true }).click()
  await row('No template').getByText('100', { exact: true }).waitFor()
  expect(new URL(page.url()).searchParams.get('groupBy')).toBe('template')
})

test('what is sent is counted while one looks, and stands in the feed at once', async () => {
  const feed = await open('/feed?type=email')
  await feed.getByRole('link', { name: 'Welcome to Acme' }).waitFor()
  const numbers = await open('?groupBy=domain')
  await send(posthorn, scene.secretKey, { to: 'ada@live.example', subject: 'Just now' })
  await feed.getByRole('link', { name: 'Just now' }).waitFor()
  await numbers.getByRole('row').filter({ hasText: 'live.example' }).waitFor()
  await feed.getByRole('link', { name: 'Just now' }).click()
  await feed.getByRole('heading', { name: 'Just now' }).waitFor()
})
