import { normaliseDomain } from '@posthorn/contracts'
import { breaksHeader } from '@posthorn/contracts/header-text'
import type { Db } from '@posthorn/db'
import { insertAudit } from './audit.ts'
import { ApiError, fieldRefusal } from './errors.ts'
import { newId } from './ids.ts'
import { insertKey } from './keys/store.ts'
import type { Runtime } from './runtime.ts'

const SYSTEM = { kind: 'system' } as const
/** The top-level domain of RFC 2606 that belongs to nobody. */
const UNOWNED = 'example'

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
export async function createProject({ db, secrets }: Runtime, name: string): Promise<NewProject> {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > 100) throw fieldRefusal('name', 'A project’s name has 1 to 100 characters.')
  // The name is that of the default sender, so it stands in a header.
  if (breaksHeader(trimmed)) throw fieldRefusal('name', 'A project’s name has no line breaks and control characters.')
  return db.transaction().execute(async (trx) => {
    const id = newId()
    await trx
      .insertInto('projects')
      .values({
        id,
        name: trimmed,
        default_sender_email: `hello@${slugOf(trimmed)}.${UNOWNED}`,
        default_sender_name: trimmed,
      })
      .execute()
    const common = { projectId: id, scopes: null, allowedIps: [], expiresAt: null }
    const secret = await insertKey(trx, secrets, { ...common, kind: 'secret', name: 'Secret key' })
    const open = await insertKey(trx, secrets, { ...common, kind: 'public', name: 'Public key' })
    await insertAudit(trx, {
      projectId: id,
      actor: SYSTEM,
      action: 'project.created',
      target: id,
      detail: { name: trimmed },
    })
    return { project: { id, name: trimmed }, secretKey: secret.key, publicKey: open.key }
  })
}

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

export async function listProjects(db: Db): Promise<ProjectSummary[]> {
  return db.selectFrom('projects').select(['id', 'name']).orderBy('id').execute()
}

/** The project that an operator means by its id or name. */
export async function getProject(db: Db, idOrName: string): Promise<ProjectSummary> {
  const all = await listProjects(db)
  const found = all.filter(({ id, name }) => id === idOrName || name === idOrName)
  if (found.length === 1 && found[0] !== undefined) return found[0]
  throw new ApiError(
    'PROJECT_NOT_FOUND',
    found.length === 0 ? `There is no project ${idOrName}.` : `Several projects are named ${idOrName}; give the id.`,
  )
}

/**
 * The operator's word that a project may send from a domain. The first one becomes that of the default sender, where
 * none was chosen.
 */
export async function trustDomain(db: Db, projectId: string, domain: string): Promise<string> {
  const normalised = normaliseDomain(domain)
  if (normalised === undefined) throw fieldRefusal('domain', `${domain} is not a domain.`)
  await db.transaction().execute(async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('domains')
      .values({ project_id: projectId, domain: normalised })
      .onConflict((conflict) => conflict.columns(['project_id', 'domain']).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) return
    // A new project sends from a name that nobody owns, which no relay would take.
    await trx
      .updateTable('projects')
      .set({ default_sender_email: `hello@${normalised}` })
      .where('id', '=', projectId)
      .where('default_sender_email', 'like', `%.${UNOWNED}`)
      .execute()
    await insertAudit(trx, { projectId, actor: SYSTEM, action: 'domain.trusted', target: normalised })
  })
  return normalised
}
