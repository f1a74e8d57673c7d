import { LIMITS, type Role } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { atOnce, auditOf, join, mailedToken, testMember, testPerson, type TestPerson } from '../../test/people.ts'
import { systemActor } from '../context.ts'
import { newId } from '../ids.ts'
import { invokePeople } from './invoke.ts'

let instance: TestInstance
let project: TestProject
let owner: TestPerson
let admin: TestPerson

beforeAll(async () => {
  instance = await testInstance({ publicUrl: 'https://mail.example.com' })
})

beforeEach(async () => {
  project = await instance.project('Acme')
  owner = await testMember(instance, project.id, 'owner')
  admin = await testMember(instance, project.id, 'admin')
})

afterAll(() => instance.close())

const list = (who = owner) => who.call(['members', 'list'], {}, project.id)
const roles = async () => Object.fromEntries((await list()).members.map(({ userId, role }) => [userId, role]))
const invite = (who: TestPerson, email: string, role: 'owner' | 'admin' | 'member' | 'viewer' = 'member') =>
  who.call(['members', 'invite'], { email, role }, project.id)
const accept = (who: TestPerson, token: string) => who.call(['invitations', 'accept'], { token })
const setRole = (db: Db, userId: string, role: Role) =>
  db.updateTable('members').set({ role }).where('project_id', '=', project.id).where('user_id', '=', userId).execute()
const actions = async () => (await auditOf(instance, project.id)).map(({ action }) => action)

describe('an invitation', () => {
  test('comes by mail, says what it is to, and makes a member of who accepts it, once', async () => {
    const guest = await testPerson(instance, { emailVerified: false })
    const made = await invite(admin, ` ${guest.email.toUpperCase()} `, 'viewer')
    expect(made).toMatchObject({ email: guest.email, role: 'viewer', invitedBy: admin.name })
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(7 * 86_400_000)
    expect((await list()).invitations).toEqual([made])
    const token = await mailedToken(instance, guest.email)
    expect(await guest.call(['invitations', 'get'], { token })).toEqual({
      projectName: 'Acme',
      email: guest.email,
      role: 'viewer',
      expiresAt: made.expiresAt,
    })
    expect(await accept(guest, token)).toEqual({ projectId: project.id })
    expect(await list(guest)).toMatchObject({ invitations: [] })
    expect(await roles()).toMatchObject({ [guest.id]: 'viewer' })
    await expect(accept(guest, token)).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' })
    await expect(guest.call(['invitations', 'get'], { token })).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' })
    expect((await actions()).slice(-2)).toEqual(['member.invited', 'member.joined'])
    const user = await instance.db.selectFrom('auth.users').selectAll().where('id', '=', guest.id).executeTakeFirst()
    expect(user?.email_verified).toBe(true)
  })

  test('is for the account of its address, in whatever case that was typed', async () => {
    await invite(owner, 'Bob@Example.COM')
    const token = await mailedToken(instance, 'bob@example.com')
    const eve = await testPerson(instance)
    await expect(accept(eve, token)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    const bob = await testPerson(instance, { email: 'BOB@example.com' })
    expect(await accept(bob, token)).toEqual({ projectId: project.id })
    await instance.db.deleteFrom('auth.users').where('id', '=', bob.id).execute()
  })

  test('accepted twice at the same moment makes one member', async () => {
    const guest = await testPerson(instance)
    await invite(owner, guest.email)
    const token = await mailedToken(instance, guest.email)
    const accepting = () => accept(guest, token)
    const outcomes = await atOnce(instance, { projectId: project.id }, [accepting, accepting, accepting])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'INVITATION_NOT_FOUND' } },
      { reason: { code: 'INVITATION_NOT_FOUND' } },
    ])
  })

  test.each([
    ['removed', (db: Db) => db.deleteFrom('members').where('user_id', '=', admin.id).execute()],
    ['made a viewer', (db: Db) => setRole(db, admin.id, 'viewer')],
  ])('is worth nothing once who invited is %s, even while it is being accepted', async (_, meanwhile) => {
    const guest = await testPerson(instance)
    await invite(admin, guest.email)
    const token = await mailedToken(instance, guest.email)
    const outcomes = await atOnce(instance, { projectId: project.id, meanwhile }, [() => accept(guest, token)])
    expect(outcomes).toMatchObject([{ status: 'rejected', reason: { code: 'INVITATION_NOT_FOUND' } }])
    await expect(guest.call(['invitations', 'get'], { token })).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' })
    expect(await roles()).not.toHaveProperty(guest.id)
  })

  test('to be an owner needs an inviter who still is one', async () => {
    const second = await testMember(instance, project.id, 'owner')
    const [guest, helper] = [await testPerson(instance), await testPerson(instance)]
    await invite(second, guest.email, 'owner')
    await invite(second, helper.email, 'admin')
    await setRole(instance.db, second.id, 'admin')
    const refused = accept(guest, await mailedToken(instance, guest.email))
    await expect(refused).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' })
    expect(await accept(helper, await mailedToken(instance, helper.email))).toEqual({ projectId: project.id })
  })

  test('ends with the account of who invited', async () => {
    await invite(admin, 'x@example.com')
    await instance.db.deleteFrom('auth.users').where('id', '=', admin.id).execute()
    expect((await list()).invitations).toEqual([])
  })

  test('ends when it is taken back, replaced, sent again, or its time is over', async () => {
    const guest = await testPerson(instance)
    const links: string[] = []
    const first = await invite(owner, guest.email, 'admin')
    links.push(await mailedToken(instance, guest.email))
    const second = await invite(owner, guest.email, 'viewer')
    links.push(await mailedToken(instance, guest.email))
    expect((await list()).invitations).toEqual([second])
    expect(second.id).not.toBe(first.id)
    await owner.call(['members', 'resendInvitation'], { id: second.id }, project.id)
    links.push(await mailedToken(instance, guest.email))
    expect(new Set(links).size).toBe(3)
    for (const token of links.slice(0, 2)) {
      await expect(accept(guest, token)).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' })
    }
    await sql`update invitations set expires_at = now() where id = ${second.id}`.execute(instance.db)
    await expect(accept(guest, links[2]!)).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' })
    expect((await list()).invitations.map(({ id }) => id)).toEqual([second.id])
    await sql`delete from auth.attempts`.execute(instance.db)
    const again = await owner.call(['members', 'resendInvitation'], { id: second.id }, project.id)
    expect(Date.parse(again.expiresAt)).toBeGreaterThan(Date.now())
    await owner.call(['members', 'revokeInvitation'], { id: second.id }, project.id)
    await expect(accept(guest, await mailedToken(instance, guest.email))).rejects.toMatchObject({
      code: 'INVITATION_NOT_FOUND',
    })
    expect((await list()).invitations).toEqual([])
    expect(await actions()).toEqual(expect.arrayContaining(['member.invited-again', 'member.invitation-revoked']))
  })

  test('is kept as a hash: nothing but the mail has the token', async () => {
    const guest = await testPerson(instance)
    await invite(owner, guest.email)
    const token = await mailedToken(instance, guest.email)
    for (const table of ['invitations', 'audit_log', 'members']) {
      const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(table)} t`.execute(
        instance.db,
      )
      expect(rows.length).toBeGreaterThan(0)
      for (const { text } of rows) {
        expect(text).not.toContain(token)
        expect(text).not.toContain(Buffer.from(token, 'base64url').toString('hex'))
      }
    }
    const [row] = await instance.db.selectFrom('invitations').selectAll().where('email', '=', guest.email).execute()
    expect(row?.token_hash).toHaveLength(32)
  })

  test('to somebody who works on the project already is refused, as is accepting one', async () => {
    await expect(invite(owner, admin.email)).rejects.toMatchObject({ code: 'ALREADY_MEMBER' })
    const guest = await testPerson(instance)
    await invite(owner, guest.email)
    await join(instance, guest, project.id, 'viewer')
    await expect(accept(guest, await mailedToken(instance, guest.email))).rejects.toMatchObject({
      code: 'ALREADY_MEMBER',
    })
  })

  test('of another project is not found, like one that is missing', async () => {
    const other = await instance.project('Other')
    const boss = await testMember(instance, other.id, 'owner')
    const { id } = await invite(owner, 'x@example.com')
    for (const verb of ['resendInvitation', 'revokeInvitation'] as const) {
      const missing = await boss.call(['members', verb], { id: newId() }, other.id).catch((error: unknown) => error)
      expect(missing).toMatchObject({ code: 'INVITATION_NOT_FOUND' })
      expect(await boss.call(['members', verb], { id }, other.id).catch((error: unknown) => error)).toEqual(missing)
    }
    expect((await list()).invitations).toHaveLength(1)
  })

  test('finds room only where not too many are open', async () => {
    await sql`
      insert into invitations (project_id, id, email, role, token_hash, expires_at)
      select ${project.id}, uuidv7(), n || '@example.com', 'viewer', sha256(uuidv7()::text::bytea), now()
      from generate_series(1, ${LIMITS.openInvitations}) n
    `.execute(instance.db)
    await expect(invite(owner, 'one-more@example.com')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await invite(owner, '1@example.com')
  })

  test('from the operator makes an owner too', async () => {
    const guest = await testPerson(instance)
    const ctx = { db: instance.db, runtime: instance.runtime, actor: systemActor(project.id), requestId: 'test' }
    await invokePeople(ctx, ['members', 'invite'], { email: guest.email, role: 'owner' })
    await accept(guest, await mailedToken(instance, guest.email))
    expect(await roles()).toMatchObject({ [guest.id]: 'owner' })
  })
})

test.each(['open', 'invitation'] as const)(
  'nobody has mail sent to others before their own address is confirmed, sign-up being by %s',
  async (signUps) => {
    const open = await testInstance({ signUps })
    const { id } = await open.project()
    const eve = await testMember(open, id, 'owner', { emailVerified: false })
    const refused = eve.call(['members', 'invite'], { email: 'victim@example.com', role: 'viewer' }, id)
    await expect(refused).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await open.db.selectFrom('emails').selectAll().execute()).toEqual([])
    await open.close()
  },
)
