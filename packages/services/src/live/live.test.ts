import { randomUUID } from 'node:crypto'
import { CHANGES, ROLE_PERMISSIONS, type Change, type Permission } from '@posthorn/contracts'
import { connect, type Connection } from '@posthorn/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { ACCEPTED, emailStates } from '../../test/email-states.ts'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { announce } from '../changes.ts'
import type { Actor } from '../context.ts'
import { ApiError } from '../errors.ts'
import { openChangeFeed, type ChangeFeed } from './feed.ts'
import { changesOf, type StreamOptions } from './stream.ts'

let instance: TestInstance
let connection: Connection
let project: TestProject
let feed: ChangeFeed
let mail: ReturnType<typeof emailStates>

beforeAll(async () => {
  instance = await testInstance()
  connection = connect(instance.connectionString, { applicationName: 'feed' })
  mail = emailStates(instance, () => project)
})

beforeEach(async () => {
  project = await instance.project()
  feed = openChangeFeed({ openClient: connection.openClient, onFault: () => {} })
  const { close } = feed
  onTestFinished(close)
})

afterAll(async () => {
  await connection.close()
  await instance.close()
})

const actor = (scopes: readonly Permission[] = ROLE_PERMISSIONS.owner, keyId: string = randomUUID()): Actor => ({
  ...keyActor(project.id),
  keyId,
  scopes: new Set(scopes),
})

interface Watched {
  asked?: Actor
  renew?: () => Promise<Actor>
  options?: StreamOptions
}

/** A stream of changes that is read as it comes, past what it begins with. */
async function watch({
  asked = actor(),
  renew = () => Promise.resolve(asked),
  options = { gatherMs: 1 },
}: Watched = {}) {
  const gone = new AbortController()
  const notices: Change[][] = []
  const stream = changesOf(feed, { actor: asked, renew, signal: gone.signal }, options)
  const end = (async () => {
    for await (const { changed } of stream) notices.push(changed)
  })().then(
    () => 'ended' as const,
    (error: unknown) => (error instanceof ApiError ? error.code : error),
  )
  onTestFinished(() => gone.abort())
  await expect.poll(() => notices.length).toBeGreaterThanOrEqual(1)
  return { notices, told: () => notices.flat(), end, leave: () => gone.abort() }
}

const listeners = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from pg_stat_activity
    where application_name = 'feed' and datname = current_database()
  `.execute(instance.db)
  return rows[0]?.count
}

describe('somebody who looks is told', () => {
  test('everything at first, of what they may read', async () => {
    const { notices } = await watch({ asked: actor(['emails:read', 'emails:send', 'keys:read']) })
    expect(notices[0]).toEqual(['emails', 'keys'])
    expect((await watch()).notices[0]).toEqual([...CHANGES])
  })

  test('of mail that is accepted, and of what becomes of it', async () => {
    const watched = await watch()
    watched.notices.length = 0
    const id = await mail.send()
    await expect.poll(() => watched.told()).toContain('emails')
    watched.notices.length = 0
    await mail.finish(id, { next: { end: 'sent' }, attempt: ACCEPTED })
    await expect.poll(() => watched.told()).toContain('emails')
  })

  test('of an event, and of the contact that came with it', async () => {
    const watched = await watch()
    watched.notices.length = 0
    await project.call(['events', 'track'], { event: 'signed-up', email: 'new@example.com' })
    await expect.poll(() => new Set(watched.told())).toEqual(new Set(['contacts', 'events']))
  })

  test.each(CHANGES)('of %s, when that is announced', async (change) => {
    const watched = await watch()
    watched.notices.length = 0
    await announce(instance.db, project.id, change)
    await expect.poll(() => watched.told()).toEqual([change])
  })

  test('nothing that they may not read, and nothing of another project', async () => {
    const watched = await watch({ asked: actor(['emails:read']) })
    watched.notices.length = 0
    const other = await instance.project('Other')
    await announce(instance.db, project.id, 'inbox')
    await announce(instance.db, other.id, 'emails')
    await announce(instance.db, project.id, 'emails')
    await expect.poll(() => watched.told()).toEqual(['emails'])
  })

  test('of much in few notices', async () => {
    const watched = await watch({ options: { gatherMs: 100 } })
    watched.notices.length = 0
    await Promise.all(Array.from({ length: 100 }, () => announce(instance.db, project.id, 'emails')))
    await announce(instance.db, project.id, 'inbox')
    await expect.poll(() => watched.told()).toContain('inbox')
    expect(watched.notices.length).toBeLessThan(10)
  })
})

/** A transaction that has told of a change while nobody looked, and has yet to commit. */
async function begunBefore(): Promise<() => Promise<unknown>> {
  const running = await instance.db.startTransaction().execute()
  onTestFinished(async () => {
    if (!running.isCommitted) await running.rollback().execute()
  })
  await announce(running, project.id, 'emails')
  return () => running.commit().execute()
}

describe('of what began before somebody looked', () => {
  test('nothing is told where nothing ran: the first notice is followed by changes alone', async () => {
    const watched = await watch()
    await announce(instance.db, project.id, 'contacts')
    await expect.poll(() => watched.notices).toEqual([[...CHANGES], ['contacts']])
  })

  test('what ends soon is waited for with the first notice', async () => {
    const commit = await begunBefore()
    feed = openChangeFeed({ openClient: connection.openClient, onFault: () => {}, graceMs: 60_000 })
    onTestFinished(feed.close)
    const following = feed.follow(project.id, () => {})
    await expect.poll(listeners).toBe(1)
    expect(await Promise.race([following, Promise.resolve('waits')])).toBe('waits')
    await commit()
    ;(await following).end()
  })

  test('what takes longer is made up for when it ends, to all who look by then', async () => {
    const commit = await begunBefore()
    feed = openChangeFeed({ openClient: connection.openClient, onFault: () => {}, graceMs: 1 })
    onTestFinished(feed.close)
    const watched = await Promise.all([watch(), watch()])
    for (const { notices } of watched) notices.length = 0
    await commit()
    for (const { notices } of watched) await expect.poll(() => notices, { timeout: 5_000 }).toEqual([[...CHANGES]])
  })
})

test('nobody who does not look costs a notice', async () => {
  const listening = connection.openClient()
  const heard: (string | undefined)[] = []
  await listening.connect()
  onTestFinished(() => listening.end())
  listening.on('notification', ({ payload }) => heard.push(payload))
  await listening.query('listen posthorn_changes')
  await mail.send()
  const other = await instance.project('Other')
  await sql`insert into live_watches values (${other.id}, now() + interval '1 minute')`.execute(instance.db)
  await announce(instance.db, other.id, 'keys')
  await expect.poll(() => heard).toEqual([`${other.id} keys`])
})

test('one connection listens, while somebody looks and no longer', async () => {
  expect(await listeners()).toBe(0)
  const first = await watch()
  const second = await watch()
  expect(await listeners()).toBe(1)
  first.leave()
  expect(await first.end).toBe('ended')
  expect(await listeners()).toBe(1)
  second.leave()
  await expect.poll(listeners).toBe(0)
  const third = await watch()
  third.notices.length = 0
  await announce(instance.db, project.id, 'emails')
  await expect.poll(() => third.told()).toEqual(['emails'])
})

test('after the connection broke everything is told, since something may have been missed', async () => {
  const watched = await watch()
  watched.notices.length = 0
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'feed' and datname = current_database()
  `.execute(instance.db)
  await expect.poll(() => watched.notices, { timeout: 10_000 }).toContainEqual([...CHANGES])
  watched.notices.length = 0
  await announce(instance.db, project.id, 'emails')
  await expect.poll(() => watched.told()).toContain('emails')
})

describe('a stream ends', () => {
  const refused = () => Promise.reject(new ApiError('PROJECT_NOT_FOUND', 'There is no such project.'))

  test.each<Change>(['members', 'project', 'keys'])(
    'at once when a notice of %s says that they may not any more, whatever they may read',
    async (change) => {
      let mayRead = true
      const asked = actor(['emails:read'])
      const watched = await watch({ asked, renew: () => (mayRead ? Promise.resolve(asked) : refused()) })
      watched.notices.length = 0
      mayRead = false
      await announce(instance.db, project.id, change)
      expect(await watched.end).toBe('PROJECT_NOT_FOUND')
      expect(watched.told()).toEqual([])
    },
  )

  test('by and by when nobody says so', async () => {
    const watched = await watch({ renew: refused, options: { gatherMs: 1, recheckMs: 20 } })
    expect(await watched.end).toBe('PROJECT_NOT_FOUND')
  })

  test('so that the client comes again when the server stops', async () => {
    const watched = await watch()
    await feed.close()
    expect(await watched.end).toBe('SERVICE_UNAVAILABLE')
  })

  test('so that the client comes again when the database cannot be listened to', async () => {
    const away = connect('postgres://nobody:x@127.0.0.1:1/none')
    feed = openChangeFeed({ openClient: away.openClient, onFault: () => {} })
    onTestFinished(feed.close)
    const asked = actor()
    const stream = changesOf(feed, { actor: asked, renew: refused, signal: new AbortController().signal })
    await expect(stream.next()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    await away.close()
  })
})

test('a role that may read less is told less from then on', async () => {
  const asked = actor()
  let now = asked
  const watched = await watch({ asked, renew: () => Promise.resolve(now) })
  watched.notices.length = 0
  now = { ...asked, scopes: new Set<Permission>(['inbox:read']) }
  await announce(instance.db, project.id, 'members')
  await announce(instance.db, project.id, 'emails')
  await announce(instance.db, project.id, 'inbox')
  await expect.poll(() => watched.told()).toContain('inbox')
  expect(watched.told()).not.toContain('emails')
})

test('nobody has more than twenty streams, and each that ends makes room', async () => {
  const asked = actor()
  const watched = await Promise.all(Array.from({ length: 20 }, () => watch({ asked })))
  const more = () => changesOf(feed, { actor: asked, renew: () => Promise.resolve(asked), signal: AbortSignal.abort() })
  await expect(more().next()).rejects.toMatchObject({ code: 'TOO_MANY_STREAMS' })
  await watch()
  watched[0]?.leave()
  await watched[0]?.end
  expect(await more().next()).toMatchObject({ done: true })
})
