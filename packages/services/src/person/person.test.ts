import { claim, STREAMS } from '@posthorn/outbox'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importFile } from '../../test/import.ts'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { ApiError } from '../errors.ts'
import { newId } from '../ids.ts'
import { runProjectJob } from '../project-jobs/run.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})

afterAll(() => instance.close())

const LATER = new Date(Date.now() + 3_600_000).toISOString()

/** A project that knows much of Ada, and something of Bob. */
async function filled() {
  const project = await instance.project()
  const { call, id: projectId } = project
  const { id: contactId } = await call(['contacts', 'upsert'], {
    email: 'ada.lovelace@example.com',
    data: { name: 'Lovelace' },
  })
  await call(['topics', 'create'], { id: 'weekly', name: 'Weekly', subscribedByDefault: true })
  await sql`
    insert into contact_topics (project_id, contact_id, topic_id, subscribed)
    values (${projectId}, ${contactId}, 'weekly', false)
  `.execute(instance.db)
  for (const event of ['one', 'two', 'two'])
    await call(['events', 'track'], { event, email: 'ada.lovelace@example.com' })
  await call(['events', 'track'], { event: 'two', email: 'bob@example.com' })
  const attachments = [{ filename: 'a.txt', contentType: 'text/plain', content: 'SGk=' }]
  const send = async (mail: object) =>
    (await call(['emails', 'send'], { subject: 'Hello', body: '<p>Hi</p>', ...mail } as never)).emails.map(
      ({ email }) => email,
    )
  await call(['contacts', 'update'], { id: contactId, email: 'old-lovelace@example.com' })
  const [toOld] = await send({ to: 'old-lovelace@example.com', subject: 'To the old address' })
  await call(['contacts', 'update'], { id: contactId, email: 'ada.lovelace@example.com' })
  const old = { bcc: ['old-lovelace@example.com'], replyTo: 'Ada <ada.lovelace@example.com>' }
  const [aside] = await send({ to: 'bob@example.com', subject: 'Aside', ...old })
  const [alone] = await send({ to: 'Ada Lovelace <ada.lovelace@example.com>', subject: 'Alone', attachments })
  const [, shared] = await send({ to: ['ada.lovelace@example.com', 'bob@example.com'], subject: 'Shared' })
  const copies = { cc: ['ada.lovelace@example.com', 'cy@example.com'], bcc: ['ada.lovelace@example.com'] }
  const [copied] = await send({ to: 'bob@example.com', subject: 'Copied', ...copies })
  const file = 'email,age\nAda <ada.lovelace@example.com>,old\ncy@example.com,3\n'
  const columns = [{ column: 'email', to: 'email' } as const, { column: 'age', to: 'field', type: 'number' } as const]
  const imported = await importFile(instance, project, file, { columns })
  const [waiting] = await send({ to: 'ada.lovelace@example.com', subject: 'Waiting', scheduledAt: LATER })
  await sql`
    insert into email_attempts (project_id, email_id, number, started_at, duration_ms, outcome, stage, reason, words)
    select ${projectId}::uuid, id, 1, now(), 5, 'accepted', 'data', 'Taken.', '250 ok <ada.lovelace@example.com>' from emails
    where project_id = ${projectId} and id in (${alone}, ${copied})
  `.execute(instance.db)
  await sql`
    insert into inbox_messages (project_id, id, email_id, envelope_from, envelope_to, subject, size_bytes, source)
    select ${projectId}::uuid, gen_random_uuid(), id, 'me@acme.example', array['Ada.Lovelace@Example.com'], 'S', 3, 'lovelace'::bytea
    from emails where project_id = ${projectId} and id in (${alone}, ${copied})
  `.execute(instance.db)
  for (const search of ['ada.lovelace@example.com', 'old-lovelace@example.com']) {
    const { jobId } = await call(['contacts', 'bulkSubscribe'], { mode: 'query', filter: { search } })
    if (search.startsWith('ada')) await call(['jobs', 'cancel'], { id: jobId })
    else await runProjectJob(instance.db, { projectId, jobId }, { signal: new AbortController().signal })
  }
  await sql`
    insert into inbox_messages (project_id, id, email_id, envelope_from, envelope_to, subject, size_bytes, source)
    values (${projectId}, gen_random_uuid(), ${aside}, 'me@acme.example', array['bob@example.com'], 'S', 3, 'lovelace'::bytea)
  `.execute(instance.db)
  return { ...project, contactId, importId: imported.id, mails: { toOld, alone, shared, copied, waiting } }
}

type Filled = Awaited<ReturnType<typeof filled>>

/** Every row of the project that tells of Ada, by its table. */
async function traces({ id }: Pick<TestProject, 'id'>): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'project_id' order by table_name
  `.execute(instance.db)
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(name)} t where project_id = ${id}
    `.execute(instance.db)
    found.push(...rows.filter(({ row }) => row.toLowerCase().includes('lovelace')).map(() => name))
  }
  return found
}

const run = (project: Pick<TestProject, 'id'>, jobId: string, signal = new AbortController().signal) =>
  runProjectJob(instance.db, { projectId: project.id, jobId }, { signal, batchRows: 2 })

async function erase(project: Pick<Filled, 'id' | 'call'>, id: string) {
  const { jobId } = await project.call(['contacts', 'erase'], { id })
  await run(project, jobId)
  return project.call(['jobs', 'get'], { id: jobId })
}

async function known(project: Filled, id: string) {
  const { pieces } = await project.call(['contacts', 'exportPerson'], { id })
  let text = ''
  for await (const piece of pieces) text += piece
  return JSON.parse(text) as Record<string, Record<string, unknown>>[]
}

describe('what is known of a person', () => {
  test('is exported whole, each thing once, by id and by address', async () => {
    const project = await filled()
    const records = await known(project, project.contactId)
    expect(await known(project, 'ADA.lovelace@example.com')).toEqual(records)
    const of = (field: string) => records.flatMap((record) => (record[field] === undefined ? [] : [record[field]]))
    expect(of('contact')).toMatchObject([{ email: 'ada.lovelace@example.com', data: { name: 'Ada Lovelace' } }])
    expect(of('topic')).toMatchObject([{ id: 'weekly', subscribed: false }])
    await project.call(['topics', 'delete'], { id: 'weekly' })
    const later = await known(project, project.contactId)
    expect(later.flatMap(({ topic }) => topic ?? [])).toEqual(of('topic'))
    expect(of('event').map(({ name }) => name)).toEqual(['two', 'two', 'one'])
    expect(of('email').map(({ subject, role }) => `${String(role)}: ${String(subject)}`)).toEqual([
      'recipient: Waiting',
      'copied: Copied',
      'recipient: Shared',
      'recipient: Alone',
      'copied: Aside',
      'recipient: To the old address',
    ])
    expect(of('email').find(({ subject }) => subject === 'Alone')).toMatchObject({
      html: '<p>Hi</p>',
      attachments: [{ filename: 'a.txt', sizeBytes: 2 }],
      deliveries: [{ outcome: 'accepted', words: '250 ok <ada.lovelace@example.com>' }],
    })
  })

  test('is shown to those alone who may read mails and events too', async () => {
    const project = await filled()
    const ask = (scopes: Parameters<typeof keyActor>[1]) =>
      project.call(['contacts', 'exportPerson'], { id: project.contactId }, { actor: keyActor(project.id, scopes) })
    await expect(ask(['contacts:read', 'emails:read'])).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' })
    await expect(ask(['contacts:read', 'events:read'])).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' })
    expect(await ask(['contacts:read', 'emails:read', 'events:read'])).toMatchObject({ type: /json/ })
  })
})

describe('a person who is erased', () => {
  test('leaves no trace but a hash, and takes nothing of others along', async () => {
    const project = await filled()
    const other = await filled()
    const before = await traces(other)
    const { contactId, mails } = project
    const job = await erase(project, 'ada.lovelace@example.com')
    expect(job).toMatchObject({ status: 'succeeded', result: { mails: 6, events: 3 }, progress: { percent: 100 } })
    expect(await traces(project)).toEqual([])
    expect(await traces(other)).toEqual(before)

    const { data: left } = await project.call(['emails', 'list'], {})
    expect(left.map(({ subject, to, cc, bcc }) => [subject, to.email, cc.map(({ email }) => email), bcc])).toEqual([
      ['Copied', 'bob@example.com', ['cy@example.com'], []],
      ['Shared', 'bob@example.com', [], []],
      ['Aside', 'bob@example.com', [], []],
    ])
    const { data: problems } = await project.call(['imports', 'problems'], { id: project.importId })
    expect(problems).toMatchObject([{ row: 2, email: null }])
    expect(await project.call(['emails', 'get'], { id: mails.shared! })).toMatchObject({ html: '<p>Hi</p>' })
    expect(await project.call(['events', 'stats'], {})).toMatchObject({ data: [{ name: 'two', count: 1 }] })
    await expect(project.call(['contacts', 'get'], { id: contactId })).rejects.toMatchObject({
      code: 'CONTACT_NOT_FOUND',
    })
    const { data: acts } = await project.call(['audit', 'list'], { action: 'contact.erased' })
    expect(acts).toMatchObject([{ target: contactId, detail: {} }])
  })

  test('is sent nothing more that waited, from the moment of the answer on', async () => {
    const project = await filled()
    await project.call(['contacts', 'erase'], { id: project.contactId })
    const { status, reason } = await project.call(['emails', 'get'], { id: project.mails.waiting! })
    expect([status, reason]).toEqual(['cancelled', 'The recipient was erased.'])
    expect(await project.call(['contacts', 'get'], { id: project.contactId })).toMatchObject({ subscribed: false })
  })

  test('is sent nothing more under an address that they had before', async () => {
    const { call } = await instance.project()
    const [old, now] = ['old@example.com', 'now@example.com']
    const { id } = await call(['contacts', 'upsert'], { email: old })
    const wait = { to: old, subject: 'S', text: 'T', scheduledAt: LATER }
    const { emails: theirs } = await call(['emails', 'send'], wait)
    await call(['contacts', 'update'], { id, email: now })
    // That address is somebody else's by now.
    const { emails: others } = await call(['emails', 'send'], wait)
    await call(['contacts', 'erase'], { id })
    expect(await call(['emails', 'get'], { id: theirs[0]!.email })).toMatchObject({ status: 'cancelled' })
    expect(await call(['emails', 'get'], { id: others[0]!.email })).toMatchObject({ status: 'scheduled' })
  })

  test('is erased for sure: the job cannot be cancelled, and tells nothing once it failed', async () => {
    const project = await filled()
    const { jobId } = await project.call(['contacts', 'erase'], { id: project.contactId })
    await expect(project.call(['jobs', 'cancel'], { id: jobId })).rejects.toMatchObject({ code: 'JOB_UNSTOPPABLE' })
    const steps = {
      'contacts.erase': () => {
        throw new ApiError('NOT_ALLOWED', 'Not now.')
      },
    }
    await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal: new AbortController().signal, steps })
    expect(await project.call(['jobs', 'get'], { id: jobId })).toMatchObject({ status: 'failed' })
    expect(await traces(project)).not.toContain('project_jobs')
    await erase(project, project.contactId)
    expect(await traces(project)).toEqual([])
  })

  test('is not subscribed again by who brings the address back', async () => {
    const project = await filled()
    await erase(project, project.contactId)
    await project.call(['contacts', 'upsert'], { email: 'ada.lovelace@example.com', subscribed: true })
    await project.call(['events', 'track'], { event: 'back', email: 'ada.lovelace@example.com', subscribed: true })
    const back = await project.call(['contacts', 'get'], { id: 'ada.lovelace@example.com' })
    expect(back).toMatchObject({ subscribed: false, optedOutAt: expect.any(String), data: {} })
  })

  test('is the same in the end wherever the work was stopped in between', async () => {
    const project = await filled()
    const { jobId } = await project.call(['contacts', 'erase'], { id: project.contactId })
    let stops = 0
    for (let isOver = false; !isOver && stops < 50;) {
      const stop = new AbortController()
      // Its first step is done all the same, and it is stopped before the next.
      const working = run(project, jobId, stop.signal).then(
        () => true,
        () => false,
      )
      stop.abort()
      isOver = await working
      stops += isOver ? 0 : 1
    }
    expect(stops).toBeGreaterThan(3)
    expect(await traces(project)).toEqual([])
    expect(await project.call(['jobs', 'get'], { id: jobId })).toMatchObject({ result: { mails: 6, events: 3 } })
  })

  test('is asked for twice with the same end', async () => {
    const project = await filled()
    const first = await project.call(['contacts', 'erase'], { id: project.contactId })
    const second = await project.call(['contacts', 'erase'], { id: project.contactId })
    await Promise.all([run(project, first.jobId), run(project, second.jobId)])
    expect(await traces(project)).toEqual([])
  })

  test('who was deleted before is erased by the address', async () => {
    const project = await filled()
    await project.call(['contacts', 'delete'], { id: project.contactId })
    expect(await traces(project)).not.toEqual([])
    await erase(project, 'ada.lovelace@example.com')
    // Nothing says whose that other address was.
    const { data: left } = await project.call(['emails', 'list'], { to: 'old-lovelace@example.com' })
    expect(left).toHaveLength(1)
    expect((await traces(project)).every((table) => table === 'emails')).toBe(true)
  })

  test('has a mail erased too that was on its way, once it is known what became of it', async () => {
    const project = await filled()
    const claimed = await claim(instance.db, {
      projectId: project.id,
      stream: STREAMS.transactional,
      limit: 10,
      token: newId(),
    })
    expect(claimed).toHaveLength(6)
    const { jobId } = await project.call(['contacts', 'erase'], { id: project.contactId })
    const working = run(project, jobId)
    const waits = async () => {
      const { state } = await instance.db
        .selectFrom('project_jobs')
        .select('state')
        .where('project_id', '=', project.id)
        .where('id', '=', jobId)
        .executeTakeFirstOrThrow()
      return (state as { held?: unknown[] }).held?.length
    }
    await expect.poll(waits, { timeout: 20_000 }).toBe(5)
    expect((await traces(project)).filter((table) => table === 'emails')).toHaveLength(5)
    await sql`update outbox set lease_token = null where project_id = ${project.id}`.execute(instance.db)
    await working
    expect(await traces(project)).toEqual([])
  })

  test('cannot be erased by who deletes contacts, nor by way of another project', async () => {
    const project = await filled()
    const other = await instance.project()
    const actor = keyActor(project.id, ['contacts:write'])
    const ask = { id: project.contactId }
    await expect(project.call(['contacts', 'erase'], ask, { actor })).rejects.toMatchObject({
      code: 'INSUFFICIENT_SCOPE',
    })
    await expect(other.call(['contacts', 'erase'], ask)).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
    await erase(other, 'ada.lovelace@example.com')
    expect(await known(project, project.contactId)).toHaveLength(11)
  })
})
