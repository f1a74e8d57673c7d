import type { PeopleNoun, PeopleVerb, Role, WirePeopleInput, WirePeopleOutput } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { expect, vi } from 'vitest'
import type { Context, PeopleContext } from '../src/context.ts'
import { newId } from '../src/ids.ts'
import { callerOfSession } from '../src/people/sessions.ts'
import { invokePeople } from '../src/people/invoke.ts'
import { projectNotFound } from '../src/people/refusals.ts'
import type { TestInstance } from './instance.ts'

export interface TestPerson {
  id: string
  name: string
  email: string
  /** The hash of the token of their session. */
  session: string
  /** Calls as a browser does: with a session, and with a project where one is given. */
  call: <N extends PeopleNoun, V extends PeopleVerb<N>>(
    name: readonly [N, V],
    input: WirePeopleInput<N, V>,
    projectId?: string,
  ) => Promise<WirePeopleOutput<N, V>>
}

interface Wanted {
  email?: string
  isInstanceOwner?: boolean
  emailVerified?: boolean
  /** How long ago they showed that it is them. */
  provenSecondsAgo?: number
}

/** Somebody with an account, signed in. */
export async function testPerson(instance: TestInstance, wanted: Wanted = {}): Promise<TestPerson> {
  const { db } = instance
  const id = newId()
  const email = wanted.email ?? `person-${id}@example.com`
  const name = `Person ${id.slice(-4)}`
  const session = `session ${id}`
  await db
    .insertInto('auth.users')
    .values({
      id,
      name,
      email,
      email_verified: wanted.emailVerified ?? true,
      image: null,
      is_instance_owner: wanted.isInstanceOwner ?? false,
    })
    .execute()
  await db
    .insertInto('auth.sessions')
    .values({
      user_id: id,
      token: session,
      expires_at: new Date(Date.now() + 3_600_000),
      ip_address: null,
      user_agent: null,
      proven_at: new Date(Date.now() - (wanted.provenSecondsAgo ?? 0) * 1000),
      updated_at: new Date(),
    })
    .execute()
  return {
    id,
    name,
    email,
    session,
    call: async (operation, input, projectId) =>
      invokePeople(await contextOfSession(instance, session, projectId), operation, input),
  }
}

/** The context of a call with this session, and the refusal where it is no member of the project. */
export async function contextOfSession(
  { db, runtime }: TestInstance,
  session: string,
  projectId?: string,
): Promise<PeopleContext> {
  const actor = (await callerOfSession(db, session, projectId)) ?? { kind: 'visitor' as const }
  if (actor.kind === 'person' && projectId !== undefined) throw projectNotFound()
  return { db, runtime, actor, requestId: 'test', ip: '203.0.113.9' }
}

/** The same for operations of keys, which take members alone. */
export async function memberContext(instance: TestInstance, session: string, projectId: string): Promise<Context> {
  const ctx = await contextOfSession(instance, session, projectId)
  if (ctx.actor.kind !== 'user') throw projectNotFound()
  return { ...ctx, actor: ctx.actor }
}

export async function join({ db }: TestInstance, person: TestPerson, projectId: string, role: Role): Promise<void> {
  await db.insertInto('members').values({ project_id: projectId, user_id: person.id, role }).execute()
}

/** Somebody new who is a member of the project. */
export async function testMember(
  instance: TestInstance,
  projectId: string,
  role: Role,
  wanted: Wanted = {},
): Promise<TestPerson> {
  const person = await testPerson(instance, wanted)
  await join(instance, person, projectId, role)
  return person
}

/** The token of the newest link that was mailed to the address. */
export async function mailedToken({ db }: TestInstance, email: string): Promise<string> {
  const mail = await db
    .selectFrom('emails')
    .innerJoin('email_contents', (join) =>
      join
        .onRef('email_contents.project_id', '=', 'emails.project_id')
        .onRef('email_contents.id', '=', 'emails.content_id'),
    )
    .select('text')
    .where('to_email', '=', email)
    .orderBy('emails.id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const token = /#token=([\w-]+)/.exec(mail.text ?? '')?.[1]
  if (token === undefined) throw new Error(`no link in the mail to ${email}`)
  return token
}

/** What the audit log says of a project, oldest first. */
export async function auditOf({ db }: TestInstance, projectId: string) {
  return db
    .selectFrom('audit_log')
    .select(['action', 'actor', 'target', 'detail', 'ip'])
    .where('project_id', '=', projectId)
    .orderBy('id')
    .execute()
}

/**
 * Lets calls run into each other: they begin while the project (or an account) is locked, and go on when all of them wait for it and
 * what happens meanwhile is committed.
 */
export async function atOnce<T>(
  { db }: TestInstance,
  { meanwhile, ...locked }: ({ projectId: string } | { userId: string }) & { meanwhile?: (db: Db) => Promise<unknown> },
  calls: readonly (() => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const holder = await db.startTransaction().execute()
  const [table, id] =
    'projectId' in locked ? (['projects', locked.projectId] as const) : (['auth.users', locked.userId] as const)
  await sql`select from ${sql.table(table)} where id = ${id} for update`.execute(holder)
  const outcomes = Promise.allSettled(calls.map((call) => call()))
  try {
    await vi.waitFor(async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
      `.execute(db)
      expect(rows[0]?.waiting).toBe(calls.length)
    }, 10_000)
    await meanwhile?.(holder)
  } finally {
    await holder.commit().execute()
  }
  return outcomes
}
