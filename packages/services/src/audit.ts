import type { Db, StoredActor } from '@posthorn/db'
import { announce } from './changes.ts'
import type { Actor, Context } from './context.ts'
import { newId } from './ids.ts'

/** What the audit log knows of who did it. */
export function storedActor(actor: Actor): StoredActor {
  if (actor.kind === 'key') return { kind: 'key', id: actor.keyId, name: actor.keyName }
  if (actor.kind === 'user') return { kind: 'user', id: actor.person.userId, name: actor.person.name }
  return { kind: 'system' }
}

export interface AuditEntry {
  /** `key.created` */
  action: string
  /** The id of what it was done to. */
  target: string
  detail?: Record<string, unknown>
}

/** Keeps, in the transaction of the act itself, who did what. Never hand in a secret. */
export async function audit(ctx: Context, ...entries: AuditEntry[]): Promise<void> {
  const by = { projectId: ctx.actor.projectId, actor: storedActor(ctx.actor), ip: ctx.ip }
  await insertAudit(ctx.db, ...entries.map((entry) => ({ ...by, ...entry })))
}

/**
 * Keeps what somebody did by hand, in the transaction of the act. What keys do of the same is their everyday traffic,
 * which the log of the API has.
 */
export async function auditPerson(ctx: Context, ...entries: AuditEntry[]): Promise<void> {
  if (ctx.actor.kind === 'user') await audit(ctx, ...entries)
}

/** Who did something by hand that is committed together with what others do, and what is kept of it. */
export interface ByHand {
  actor: StoredActor
  ip: string | undefined
  /** What to keep, by the ids of what came of it. */
  entry(ids: string[]): AuditEntry
}

/** As `auditPerson`, for acts that share their commit; undefined for all others. */
export function byHand({ actor, ip }: Context, entry: ByHand['entry']): ByHand | undefined {
  return actor.kind === 'user' ? { actor: storedActor(actor), ip, entry } : undefined
}

interface StoredEntry extends AuditEntry {
  projectId: string
  actor: StoredActor
  ip?: string | undefined
}

/** Keeps entries of one project. */
export async function insertAudit(db: Db, ...entries: StoredEntry[]): Promise<void> {
  const [first] = entries
  if (first === undefined) return
  await db
    .insertInto('audit_log')
    .values(
      entries.map((entry) => ({
        project_id: entry.projectId,
        id: newId(),
        actor: JSON.stringify(entry.actor),
        action: entry.action,
        target: entry.target,
        detail: JSON.stringify(entry.detail ?? {}),
        ip: entry.ip ?? null,
      })),
    )
    .execute()
  await announce(db, first.projectId, 'audit')
}
