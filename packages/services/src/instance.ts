import { LIMITS } from '@posthorn/contracts'
import { breaksHeader } from '@posthorn/contracts/header-text'
import { transact, type Db, type StoredActor } from '@posthorn/db'
import { sql } from 'kysely'
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
export const createProject = ({ db, secrets }: Pick<Runtime, 'db' | 'secrets'>, name: string): Promise<NewProject> =>
  transact(db, (trx) => insertProject(trx, secrets, { name, actor: SYSTEM }))

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

const notOwn = sql<boolean>`not exists (select from instance_setup where own_project_id = projects.id)`

/** The projects that people made, oldest first; the one that Posthorn’s own mail is sent from goes by its name alone. */
export const listProjects = (db: Db): Promise<ProjectSummary[]> => living(db).where(notOwn).execute()

export interface ListedProject extends ProjectSummary {
  /** How far its deletion is; null while it lives. Once all rows are done, the last calls are waited for. */
  deletion: { doneRows: number; totalRows: number } | null
}

/** The same with those that have ended and are not gone yet. */
export async function listProjectsWithDeletions(db: Db): Promise<ListedProject[]> {
  const rows = await db
    .selectFrom('projects')
    .leftJoin('project_deletions', 'project_deletions.project_id', 'projects.id')
    .select(['id', 'name', 'done_rows', 'total_rows'])
    .where(notOwn)
    .orderBy('id')
    .execute()
  return rows.map(({ id, name, done_rows, total_rows }) => ({
    id,
    name,
    deletion: total_rows === null ? null : progressOf(Number(done_rows), Number(total_rows)),
  }))
}

/** The total is what was reckoned in the beginning, so what was done can come out higher. */
export const progressOf = (doneRows: number, totalRows: number) => ({
  doneRows: Math.min(doneRows, totalRows),
  totalRows,
})

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
