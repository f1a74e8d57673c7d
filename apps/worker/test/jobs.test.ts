import { enqueueJob } from '@posthorn/jobs'
import { invoke, invokePeople } from '@posthorn/services'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { openOffice } from './office.ts'
import { realWorker } from './processes.ts'

test('a worker deletes what an ended project leaves behind and what others no longer keep, and does lost jobs', async () => {
  const office = await openOffice()
  const { db } = office
  const tracked = async () => {
    const { ctx } = await office.project()
    await invoke(ctx, ['events', 'track'], { event: 'opened', email: 'ada@example.com' })
    return ctx
  }
  const [ended, frugal] = [await tracked(), await tracked()]
  const eventsOf = ({ actor: { projectId } }: typeof ended) =>
    db.selectFrom('events').select('id').where('project_id', '=', projectId).execute()
  await invoke(frugal, ['project', 'update'], { retentionDays: 1 })
  await sql`
    update events set id = '01900000-0000-7000-8000-000000000000' where project_id = ${frugal.actor.projectId}
  `.execute(db)
  const { name } = await invoke(ended, ['project', 'get'], {})
  await invokePeople(ended, ['projects', 'delete'], { confirm: name })
  await sql`alter table deleted_projects disable trigger user`.execute(db)
  await sql`
    insert into deleted_projects values
      (uuidv7(), uuidv7(), 'Long gone', now() - interval '401 days', now() - interval '1 day')
  `.execute(db)
  await sql`alter table deleted_projects enable trigger user`.execute(db)
  const remembered = async () =>
    (await db.selectFrom('deleted_projects').select('name').execute()).map((one) => one.name)

  const { jobId } = await invoke(frugal, ['contacts', 'bulkUnsubscribe'], { mode: 'query', filter: {} })
  await sql`delete from jobs.job where name = 'project-job'`.execute(db)

  const worker = realWorker(office, { SMTP_URL: 'smtp://127.0.0.1:1' })
  await vi.waitFor(async () => expect(await eventsOf(ended)).toEqual([]), 15_000)
  expect(await eventsOf(frugal)).toHaveLength(1)
  await enqueueJob(db, 'housekeeping', {})
  await vi.waitFor(async () => expect(await eventsOf(frugal)).toEqual([]), 15_000)
  await vi.waitFor(async () => expect(await remembered()).toEqual([name]), 15_000)
  // Its place in the queue was lost.
  const lost = () => invoke(frugal, ['jobs', 'get'], { id: jobId })
  await vi.waitFor(async () => expect(await lost()).toMatchObject({ status: 'succeeded' }), 15_000)
  expect((await invoke(frugal, ['contacts', 'list'], {})).data.map(({ subscribed }) => subscribed)).toEqual([false])
  worker.child.kill('SIGTERM')
  expect(await worker.exited).toBe(0)
  // It waits for what calls that were under way may still write, and does not hold up the end of the process.
  const { rows } = await sql`select state::text from jobs.job where name = 'project-deletion'`.execute(db)
  expect(rows).toEqual([{ state: 'retry' }])
})
