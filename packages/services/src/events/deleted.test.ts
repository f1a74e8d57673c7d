import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { runProjectJob } from '../project-jobs/run.ts'
import { createRuntime } from '../runtime.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})
afterAll(() => instance.close())

const PEOPLE = Array.from({ length: 6 }, (_, n) => `person${n}@example.com`)
const ROUNDS = 8

test('an event never outlives its contact and nobody who reports is refused, whoever is deleted or erased while it is reported', async () => {
  const other = createRuntime({ db: instance.db, secret: SECRET, captures: true })
  const processes = [project, instance.through(other, project)]
  let isOver = false
  let tracked = 0
  const report = async (at: number) => {
    for (let n = at; !isOver; n += 1) {
      const email = PEOPLE[n % PEOPLE.length] as string // Safe because of the rest.
      const events = PEOPLE.map((who) => ({ event: 'visited', email: who })).toSorted(() => Math.random() - 0.5)
      if (n % 3 === 0) await processes[at % 2]!.call(['events', 'trackBatch'], { events })
      else if (n % 3 === 1) await processes[at % 2]!.call(['events', 'track'], { event: 'visited', email })
      else await processes[at % 2]!.call(['contacts', 'upsert'], { email, subscribed: true })
      tracked += 1
    }
  }
  const remove = async () => {
    const signal = new AbortController().signal
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const id of PEOPLE) await project.call(['contacts', 'delete'], { id }).catch(ignoreMissing)
      const { data } = await project.call(['contacts', 'list'], {})
      const ids = data.slice(0, 3).map(({ id }) => id)
      const jobs = [
        ids.length > 0 && (await project.call(['contacts', 'bulkDelete'], { mode: 'ids', contactIds: ids })),
      ]
      if (round % 4 === 0) jobs.push(await project.call(['contacts', 'erase'], { id: PEOPLE[0] as string }))
      for (const job of jobs) {
        if (job) await runProjectJob(instance.db, { projectId: project.id, jobId: job.jobId }, { signal })
      }
    }
  }
  const reporting = [0, 1, 2, 3].map(report)
  await remove().finally(() => (isOver = true))
  await Promise.all(reporting)
  await other.close()
  const { rows } = await sql<{ orphans: number; events: number; counted: number }>`
    select count(*) filter (where contacts.id is null)::int as orphans, count(*)::int as events,
      (select sum(count)::int from event_names where project_id = ${project.id}) as counted
    from events left join contacts on contacts.project_id = events.project_id and contacts.id = contact_id
    where events.project_id = ${project.id}
  `.execute(instance.db)
  expect(tracked).toBeGreaterThan(ROUNDS)
  expect(rows[0]?.orphans).toBe(0)
  expect(rows[0]?.counted).toBe(rows[0]?.events)
})

function ignoreMissing(error: unknown) {
  expect(error).toMatchObject({ code: 'CONTACT_NOT_FOUND' })
}
