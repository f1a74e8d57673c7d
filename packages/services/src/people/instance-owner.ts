import type { Db } from '@posthorn/db'
import { audit } from '../audit.ts'
import { announce } from '../changes.ts'
import { systemActor } from '../context.ts'
import { ApiError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Runtime } from '../runtime.ts'
import { note, withAccount, type Found } from './by-operator.ts'
import { lockProject } from './membership.ts'
import { findOwnProject } from './own-project.ts'

interface Handover {
  email: string
  /** False where they were it already. */
  changed: boolean
  /** The address of whoever was it before. */
  before: string | null
}

/**
 * Makes an account the owner of the instance, in place of whoever is it, and with it of the project of Posthorn’s own
 * mail. For the operator. Undefined where nobody has the address.
 */
export const makeInstanceOwner = (
  { db, runtime }: { db: Db; runtime: Runtime },
  address: string,
): Promise<Handover | undefined> =>
  withAccount(
    db,
    address,
    async (trx, account) => {
      const { id, email, owns_instance, email_verified } = account
      if (owns_instance) return { email, changed: false, before: email }
      if (!email_verified) {
        throw new ApiError('NOT_ALLOWED', `The address ${email} is not confirmed.`, {
          suggestion: 'Make sure that it is theirs, and confirm it: pnpm posthorn account confirm-address ADDRESS.',
        })
      }
      const before = await trx
        .updateTable('auth.users')
        .set({ is_instance_owner: false })
        .where('is_instance_owner', '=', true)
        .returning(['id', 'email'])
        .executeTakeFirst()
      await trx.updateTable('auth.users').set({ is_instance_owner: true }).where('id', '=', id).execute()
      if (before !== undefined) await note(trx, { userId: before.id, action: 'instance-owner-unmade' })
      await note(trx, { userId: id, action: 'instance-owner-made' })
      await handOwnProject({ db: trx, runtime }, before, account)
      return { email, changed: true, before: before?.email ?? null }
    },
    { first: lockInstance },
  )

/** Of several at once, one after the other; and before anybody makes the project of Posthorn’s own mail. */
async function lockInstance(db: Db): Promise<void> {
  await db.selectFrom('instance_setup').select('is_only').forUpdate().execute()
  const own = await findOwnProject(db)
  if (own !== undefined) await lockProject(db, own)
}

async function handOwnProject(
  { db, runtime }: { db: Db; runtime: Runtime },
  before: Pick<Found, 'id' | 'email'> | undefined,
  { id, email }: Found,
): Promise<void> {
  const projectId = await findOwnProject(db)
  // It will be made for whoever owns the instance then.
  if (projectId === undefined) return
  const ctx = { db, runtime, actor: systemActor(projectId), requestId: newId() }
  if (before !== undefined) {
    await db.deleteFrom('members').where('project_id', '=', projectId).where('user_id', '=', before.id).execute()
    await audit(ctx, { action: 'member.removed', target: before.id, detail: { email: before.email, role: 'owner' } })
  }
  await db
    .insertInto('members')
    .values({ project_id: projectId, user_id: id, role: 'owner' })
    .onConflict((conflict) => conflict.columns(['project_id', 'user_id']).doUpdateSet({ role: 'owner' }))
    .execute()
  await audit(ctx, { action: 'member.joined', target: id, detail: { email, role: 'owner' } })
  await announce(db, projectId, 'members')
}
