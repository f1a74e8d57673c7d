import { transact, type Db } from '@posthorn/db'
import { insertAudit } from '../audit.ts'
import { ApiError } from '../errors.ts'
import { newId } from '../ids.ts'

const NAME = 'Posthorn'
const SENDER = 'hello@posthorn.example'

/**
 * The project that Posthorn’s own mail is sent from. It is one of its own, owned by the owner of the instance and
 * without keys: whoever can read the mail of a project could follow a link that resets somebody’s password.
 */
export async function ownProject(db: Db): Promise<string> {
  const known = await findOwnProject(db)
  if (known !== undefined) return known
  // Of several who come at once one makes it.
  const claim = async (trx: Db) => {
    await trx.selectFrom('instance_setup').select('is_only').forUpdate().execute()
    return (await findOwnProject(trx)) ?? makeOwn(trx)
  }
  return db.isTransaction ? claim(db) : transact(db, claim)
}

/** The id of that project, once there is one. */
export async function findOwnProject(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('instance_setup')
    .innerJoin('projects', 'projects.id', 'instance_setup.own_project_id')
    .select('projects.id')
    .where('projects.deleted_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

/** Who reads the mail of that project could follow the links in it, such as those that reset passwords. */
export async function requireNotOwn(db: Db, projectId: string, message: string): Promise<void> {
  if ((await findOwnProject(db)) === projectId) throw new ApiError('NOT_ALLOWED', message)
}

async function makeOwn(db: Db): Promise<string> {
  const id = newId()
  await db
    .insertInto('projects')
    .values({ id, name: NAME, default_sender_email: SENDER, default_sender_name: NAME })
    .execute()
  await db.updateTable('instance_setup').set({ own_project_id: id }).execute()
  await db
    .insertInto('members')
    .columns(['project_id', 'user_id', 'role'])
    .expression((eb) =>
      eb
        .selectFrom('auth.users')
        .select((eb) => [eb.val(id).as('project_id'), 'auth.users.id', eb.val('owner' as const).as('role')])
        .where('is_instance_owner', '=', true),
    )
    .execute()
  await insertAudit(db, {
    projectId: id,
    actor: { kind: 'system' },
    action: 'project.created',
    target: id,
    detail: { name: NAME },
  })
  return id
}
