import { LIMITS } from '@posthorn/contracts'
import { breaksHeader } from '@posthorn/contracts/header-text'
import type { Db, StoredActor } from '@posthorn/db'
import { insertAudit } from './audit.ts'
import { ApiError, fieldRefusal } from './errors.ts'
import { newId } from './ids.ts'
import { insertKey } from './keys/store.ts'
import type { Runtime } from './runtime.ts'
import type { SecretBox } from './secrets.ts'

const SYSTEM = { kind: 'system' } as const
/** The top-level domain of RFC 2606 that belongs to nobody. */
export const UNOWNED = 'example'

export interface ProjectSummary {
  id: string
  name: string
}

export interface NewProject {
  project: ProjectSummary
  secretKey: string
  publicKey: string
}

/** Makes a project with its two keys. For the operator; nothing over the network reaches it. */
export const createProject = ({ db, secrets }: Runtime, name: string): Promise<NewProject> =>
  db.transaction().execute((trx) => insertProject(trx, secrets, { name, actor: SYSTEM }))

/** Makes a project with its two keys, in the transaction of the caller. */
export async function insertProject(
  db: Db,
  secrets: SecretBox,
  { name, actor, ip }: { name: string; actor: StoredActor; ip?: string | undefined },
): Promise<NewProject> {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > LIMITS.projectNameLength) {
    throw fieldRefusal('name', `A project’s name has 1 to ${LIMITS.projectNameLength} characters.`)
  }
  // The name is that of the default sender, so it stands in a header.
  if (breaksHeader(trimmed)) throw fieldRefusal('name', 'A project’s name has no line breaks and control characters.')
  const id = newId()
  await db
    .insertInto('projects')
    .values({
      id,
      name: trimmed,
      default_sender_email: unownedSender(trimmed),
      default_sender_name: trimmed,
    })
    .execute()
  const common = { projectId: id, scopes: null, allowedIps: [], expiresAt: null }
  const secret = await insertKey(db, secrets, { ...common, kind: 'secret', name: 'Secret key' })
  const open = await insertKey(db, secrets, { ...common, kind: 'public', name: 'Public key' })
  await insertAudit(db, { projectId: id, actor, ip, action: 'project.created', target: id, detail: { name: trimmed } })
  return { project: { id, name: trimmed }, secretKey: secret.key, publicKey: open.key }
}

/** What a project sends from by default until it has a domain: an address that nobody owns and no relay would take. */
export const unownedSender = (name: string): string => `hello@${slugOf(name)}.${UNOWNED}`

/** A label that a host name may hold, made of a name for people. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '')
  return slug === '' ? 'project' : slug
}

const living = (db: Db) =>
  db.selectFrom('projects').select(['id', 'name']).where('deleted_at', 'is', null).orderBy('id')

/** The projects that people made, oldest first; the one that Posthorn’s own mail is sent from goes by its name alone. */
export async function listProjects(db: Db): Promise<ProjectSummary[]> {
  return living(db)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('instance_setup').select('is_only').whereRef('own_project_id', '=', 'projects.id'))),
    )
    .execute()
}

/** The project that an operator means by its id or name. */
export async function getProject(db: Db, idOrName: string): Promise<ProjectSummary> {
  const all = await living(db).execute()
  const found = all.filter(({ id, name }) => id === idOrName || name === idOrName)
  if (found.length === 1 && found[0] !== undefined) return found[0]
  throw new ApiError(
    'PROJECT_NOT_FOUND',
    found.length === 0 ? `There is no project ${idOrName}.` : `Several projects are named ${idOrName}; give the id.`,
  )
}
