import { normaliseDomain } from '@posthorn/contracts'
import { transact, type Db } from '@posthorn/db'
import { insertAudit } from './audit.ts'
import { announce } from './changes.ts'
import { fieldRefusal } from './errors.ts'
import { UNOWNED, unownedSender } from './instance.ts'

const SYSTEM = { kind: 'system' } as const

export interface TrustedDomain {
  domain: string
  trustedAt: Date
}

/** What a project may send from. */
export async function listDomains(db: Db, projectId: string): Promise<TrustedDomain[]> {
  return db
    .selectFrom('domains')
    .select(['domain', 'trusted_at as trustedAt'])
    .where('project_id', '=', projectId)
    .orderBy('domain')
    .execute()
}

/**
 * The operator's word that a project may send from a domain. The first one becomes that of the default sender, where
 * none was chosen.
 */
export async function trustDomain(db: Db, projectId: string, asked: string): Promise<string> {
  const domain = requireDomain(asked)
  await transact(db, async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('domains')
      .values({ project_id: projectId, domain })
      .onConflict((conflict) => conflict.columns(['project_id', 'domain']).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) return
    // A new project sends from a name that nobody owns, which no relay would take.
    await trx
      .updateTable('projects')
      .set({ default_sender_email: senderAt(domain) })
      .where('id', '=', projectId)
      .where('default_sender_email', 'like', `%.${UNOWNED}`)
      .execute()
    await insertAudit(trx, { projectId, actor: SYSTEM, action: 'domain.trusted', target: domain })
    await announce(trx, projectId, 'project')
  })
  return domain
}

/**
 * Takes that word back: from now on nothing is accepted from the domain. Mail that was accepted goes out. A default
 * sender there moves to a domain that is left, so that the next one to be trusted finds its place.
 */
export async function distrustDomain(db: Db, projectId: string, asked: string): Promise<string> {
  const domain = requireDomain(asked)
  await transact(db, async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('domains')
      .where('project_id', '=', projectId)
      .where('domain', '=', domain)
      .executeTakeFirst()
    if (numDeletedRows !== 1n) throw fieldRefusal('domain', `The project does not send from ${domain}.`)
    const [left] = await listDomains(trx, projectId)
    const { name } = await trx
      .selectFrom('projects')
      .select('name')
      .where('id', '=', projectId)
      .executeTakeFirstOrThrow()
    await trx
      .updateTable('projects')
      .set({ default_sender_email: left === undefined ? unownedSender(name) : senderAt(left.domain) })
      .where('id', '=', projectId)
      .where('default_sender_email', '=', senderAt(domain))
      .execute()
    await insertAudit(trx, { projectId, actor: SYSTEM, action: 'domain.distrusted', target: domain })
    await announce(trx, projectId, 'project')
  })
  return domain
}

const senderAt = (domain: string) => `hello@${domain}`

function requireDomain(asked: string): string {
  const domain = normaliseDomain(asked)
  if (domain === undefined) throw fieldRefusal('domain', `${asked} is not a domain.`)
  return domain
}
