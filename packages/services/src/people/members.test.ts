import type { Db } from '@posthorn/db'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { atOnce, auditOf, join, testMember, type TestPerson } from '../../test/people.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject
let owner: TestPerson
let admin: TestPerson

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  await instance.db.deleteFrom('auth.attempts').execute()
  project = await instance.project('Acme')
  owner = await testMember(instance, project.id, 'owner')
  admin = await testMember(instance, project.id, 'admin')
})

afterAll(() => instance.close())

const list = (who = owner) => who.call(['members', 'list'], {}, project.id)
const roles = async () => Object.fromEntries((await list()).members.map(({ userId, role }) => [userId, role]))
const changeRole = (who: TestPerson, userId: string, role: 'owner' | 'admin' | 'member' | 'viewer') =>
  who.call(['members', 'changeRole'], { userId, role }, project.id)
const remove = (who: TestPerson, userId: string) => who.call(['members', 'remove'], { userId }, project.id)
const invite = (who: TestPerson, email: string, role: 'owner' | 'admin' | 'member' | 'viewer' = 'member') =>
  who.call(['members', 'invite'], { email, role }, project.id)
const actions = async () => (await auditOf(instance, project.id)).map(({ action }) => action)

describe('members', () => {
  test('are listed owners first, each with its role, and oneself is marked', async () => {
    const viewer = await testMember(instance, project.id, 'viewer')
    const { members, invitations } = await list(viewer)
    expect(members.map(({ userId, role, isSelf }) => [userId, role, isSelf])).toEqual([
      [owner.id, 'owner', false],
      [admin.id, 'admin', false],
      [viewer.id, 'viewer', true],
    ])
    expect(members[0]).toEqual({
      userId: owner.id,
      name: owner.name,
      email: owner.email,
      role: 'owner',
      isSelf: false,
      joinedAt: expect.any(String),
    })
    expect(invitations).toEqual([])
  })

  test('get another role, and may do at once what it allows, no more and no less', async () => {
    const member = await testMember(instance, project.id, 'member')
    await expect(invite(member, 'x@example.com')).rejects.toMatchObject({ code: 'ROLE_TOO_LOW' })
    expect(await changeRole(admin, member.id, 'admin')).toMatchObject({ userId: member.id, role: 'admin' })
    await invite(member, 'x@example.com')
    await changeRole(admin, member.id, 'viewer')
    await expect(invite(member, 'y@example.com')).rejects.toMatchObject({ code: 'ROLE_TOO_LOW' })
    const changes = (await auditOf(instance, project.id)).filter(({ action }) => action === 'member.role-changed')
    expect(changes.map(({ target, detail, actor, ip }) => ({ target, detail, actor, ip }))[0]).toEqual({
      target: member.id,
      detail: { email: member.email, from: 'member', to: 'admin' },
      actor: { kind: 'user', id: admin.id, name: admin.name },
      ip: '203.0.113.9',
    })
  })

  test('who are removed are outside with their next call', async () => {
    const member = await testMember(instance, project.id, 'member')
    await list(member)
    expect(await remove(admin, member.id)).toEqual({ userId: member.id })
    const missing = await member.call(['members', 'list'], {}, newId()).catch((error: unknown) => error)
    const removed = await list(member).catch((error: unknown) => error)
    expect(removed).toMatchObject({ code: 'PROJECT_NOT_FOUND' })
    expect(removed).toEqual(missing)
    expect(await actions()).toContain('member.removed')
  })

  test('leave by themselves, whatever their role', async () => {
    const viewer = await testMember(instance, project.id, 'viewer')
    await viewer.call(['members', 'leave'], {}, project.id)
    expect(await roles()).not.toHaveProperty(viewer.id)
    await expect(list(viewer)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
    expect((await actions()).at(-1)).toBe('member.left')
  })

  test('of another project are not found, like those that nobody is', async () => {
    const other = await instance.project('Other')
    const stranger = await testMember(instance, other.id, 'member')
    for (const call of [(id: string) => remove(owner, id), (id: string) => changeRole(owner, id, 'admin')]) {
      const missing = await call(newId()).catch((error: unknown) => error)
      expect(missing).toMatchObject({ code: 'MEMBER_NOT_FOUND' })
      expect(await call(stranger.id).catch((error: unknown) => error)).toEqual(missing)
    }
  })
})

describe('a session that has not proven itself for a while', () => {
  test('lets nobody in, raises nobody and removes nobody, and still shows who there is', async () => {
    const stale = await testMember(instance, project.id, 'owner', { provenSecondsAgo: 16 * 60 })
    const { id } = await invite(owner, 'x@example.com', 'owner')
    const before = [await roles(), (await list()).invitations]
    for (const attempt of [
      () => invite(stale, 'y@example.com', 'owner'),
      () => stale.call(['members', 'resendInvitation'], { id }, project.id),
      () => changeRole(stale, admin.id, 'owner'),
      () => remove(stale, owner.id),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'PROOF_NEEDED', status: 403 })
    }
    expect([await roles(), (await list(stale)).invitations]).toEqual(before)
    await stale.call(['members', 'revokeInvitation'], { id }, project.id)
    await stale.call(['members', 'leave'], {}, project.id)
  })
})

describe('the open invitations of somebody', () => {
  const open = async () => (await list()).invitations.map(({ email, role }) => `${email} ${role}`).toSorted()
  const takenBack = async () =>
    (await auditOf(instance, project.id)).filter(({ action }) => action === 'member.invitation-revoked')

  test.each(['is removed', 'leaves', 'becomes a member'])('are taken back when they %s, and no others', async (how) => {
    const second = await testMember(instance, project.id, 'admin')
    const { id } = await invite(admin, 'x@example.com', 'admin')
    await invite(admin, 'y@example.com', 'viewer')
    await invite(second, 'z@example.com')
    const other = await instance.project('Other')
    await join(instance, admin, other.id, 'owner')
    await admin.call(['members', 'invite'], { email: 'w@example.com', role: 'viewer' }, other.id)
    if (how === 'is removed') await remove(owner, admin.id)
    else if (how === 'leaves') await admin.call(['members', 'leave'], {}, project.id)
    else await changeRole(owner, admin.id, 'member')
    expect(await open()).toEqual(['z@example.com member'])
    const detail = { email: 'x@example.com', role: 'admin', invitedBy: admin.email }
    expect(await takenBack()).toHaveLength(2)
    expect(await takenBack()).toContainEqual(expect.objectContaining({ target: id, detail }))
    expect((await admin.call(['members', 'list'], {}, other.id)).invitations).toHaveLength(1)
  })

  test('stay as far as their new role would have made them', async () => {
    const second = await testMember(instance, project.id, 'owner')
    await invite(second, 'x@example.com', 'owner')
    await invite(second, 'y@example.com', 'admin')
    await changeRole(owner, second.id, 'admin')
    expect(await open()).toEqual(['y@example.com admin'])
  })

  test('go over to whoever sends them again', async () => {
    const { id } = await invite(admin, 'x@example.com')
    const again = await owner.call(['members', 'resendInvitation'], { id }, project.id)
    expect(again.invitedBy).toBe(owner.name)
    await remove(owner, admin.id)
    expect(await open()).toEqual(['x@example.com member'])
  })
})

describe('owners', () => {
  test('are made, changed, invited and removed by owners alone', async () => {
    const second = await testMember(instance, project.id, 'owner')
    const member = await testMember(instance, project.id, 'member')
    const before = await roles()
    for (const attempt of [
      () => changeRole(admin, admin.id, 'owner'),
      () => changeRole(admin, member.id, 'owner'),
      () => changeRole(admin, second.id, 'admin'),
      () => remove(admin, second.id),
      () => invite(admin, 'x@example.com', 'owner'),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'NOT_ALLOWED', status: 403 })
    }
    expect(await roles()).toEqual(before)
    await changeRole(owner, member.id, 'owner')
    await changeRole(owner, second.id, 'admin')
    await remove(owner, member.id)
    expect(await roles()).toEqual({ [owner.id]: 'owner', [admin.id]: 'admin', [second.id]: 'admin' })
  })

  test('keep an invitation to an owner out of the hands of admins', async () => {
    const { id } = await invite(owner, 'x@example.com', 'owner')
    for (const attempt of [
      () => admin.call(['members', 'revokeInvitation'], { id }, project.id),
      () => admin.call(['members', 'resendInvitation'], { id }, project.id),
      () => invite(admin, 'x@example.com', 'viewer'),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    }
    expect((await list()).invitations).toMatchObject([{ id, role: 'owner' }])
  })

  test('never all go: the last one stays, whichever way it is asked', async () => {
    for (const attempt of [
      () => owner.call(['members', 'leave'], {}, project.id),
      () => remove(owner, owner.id),
      () => changeRole(owner, owner.id, 'admin'),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'LAST_OWNER', status: 409 })
    }
    expect(await roles()).toMatchObject({ [owner.id]: 'owner' })
  })

  test.each(['leave', 'remove each other', 'step down'])('who %s at the same moment leave one behind', async (how) => {
    const { id } = await instance.project('Race')
    const [one, two] = [await testMember(instance, id, 'owner'), await testMember(instance, id, 'owner')]
    const act = (who: TestPerson, other: TestPerson): Promise<unknown> => {
      if (how === 'leave') return who.call(['members', 'leave'], {}, id)
      if (how === 'step down') return who.call(['members', 'changeRole'], { userId: who.id, role: 'viewer' }, id)
      return who.call(['members', 'remove'], { userId: other.id }, id)
    }
    const outcomes = await atOnce(instance, { projectId: id }, [() => act(one, two), () => act(two, one)])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const members = await instance.db.selectFrom('members').select('role').where('project_id', '=', id).execute()
    expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1)
  })

  test('who was removed while their call waited have no say any more', async () => {
    const second = await testMember(instance, project.id, 'owner')
    const meanwhile = (db: Db) => db.deleteFrom('members').where('user_id', '=', second.id).execute()
    const outcomes = await atOnce<unknown>(instance, { projectId: project.id, meanwhile }, [
      () => changeRole(second, admin.id, 'owner'),
      () => remove(second, admin.id),
      () => invite(second, 'x@example.com'),
      () => second.call(['projects', 'delete'], { confirm: 'Acme' }, project.id),
    ])
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'PROJECT_NOT_FOUND' } })
    }
    expect(await roles()).toEqual({ [owner.id]: 'owner', [admin.id]: 'admin' })
  })
})
