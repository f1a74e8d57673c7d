import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { systemActor } from '../context.ts'
import { ApiError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Runtime } from '../runtime.ts'
import { dropSessions, note, withAccount, type Found } from './by-operator.ts'
import { invokePeople } from './invoke.ts'

interface Ended {
  email: string
  endedSessions: number
}

/** Signs somebody out everywhere. For the operator, as is all of this file. Undefined where nobody has the address. */
export const endAccountSessions = (db: Db, address: string): Promise<Ended | undefined> =>
  withAccount(db, address, async (trx, { id, email }) => {
    const endedSessions = await dropSessions(trx, id)
    if (endedSessions > 0) await note(trx, { userId: id, action: 'all-sessions-ended', detail: { endedSessions } })
    return { email, endedSessions }
  })

/**
 * Deletes an account with all ways into it. Its memberships end as if somebody had removed them, one by one; what the
 * logs say of it stays. Undefined where nobody has the address.
 */
export const deleteAccount = (
  { db, runtime }: { db: Db; runtime: Runtime },
  address: string,
): Promise<(Ended & { projects: number }) | undefined> =>
  withAccount(
    db,
    address,
    async (trx, account) => {
      const { id, name, email } = account
      // Once more: they may have joined another one meanwhile.
      const projects = await lockProjectsOf(trx, id)
      requireNoInstance(account)
      await requireNoProjectAlone(trx, account)
      for (const projectId of projects) {
        const ctx = { db: trx, runtime, actor: systemActor(projectId), requestId: newId() }
        await invokePeople(ctx, ['members', 'remove'], { userId: id })
      }
      const endedSessions = await dropSessions(trx, id)
      await sql`delete from auth.verifications where position(${id} in value) > 0`.execute(trx)
      await note(trx, { userId: id, action: 'account-deleted', detail: { email, name, endedSessions } })
      await sql`delete from auth.users where id = ${id}`.execute(trx)
      return { email, endedSessions, projects: projects.length }
    },
    { first: lockProjectsOf },
  )

async function lockProjectsOf(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('projects')
    .select('id')
    .where('deleted_at', 'is', null)
    .where('id', 'in', ({ selectFrom }) => selectFrom('members').select('project_id').where('user_id', '=', userId))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return rows.map(({ id }) => id)
}

function requireNoInstance({ email, owns_instance }: Found): void {
  if (!owns_instance) return
  throw new ApiError('NOT_ALLOWED', `${email} owns this Posthorn.`, {
    suggestion: 'Make somebody else its owner first: pnpm posthorn account make-instance-owner ADDRESS.',
  })
}

async function requireNoProjectAlone(db: Db, { id, email }: Found): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from members join projects on projects.id = project_id
    where user_id = ${id} and role = 'owner' and deleted_at is null and not exists (
      select from members other
      where other.project_id = members.project_id and other.role = 'owner' and other.user_id <> ${id})
    order by name
  `.execute(db)
  if (rows.length === 0) return
  const names = rows.map(({ name }) => `“${name}”`).join(', ')
  throw new ApiError('LAST_OWNER', `${email} is the only owner of ${names}.`, {
    suggestion: `Have somebody else join as an owner first (pnpm posthorn member add ADDRESS --role owner --project NAME), or delete what nobody needs.`,
  })
}
