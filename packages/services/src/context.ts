import { SCOPES, type KeyKind, type Scope } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import type { Once } from './idempotency.ts'
import type { Runtime } from './runtime.ts'
import type { Sender } from './senders.ts'

/** Who asks, and for which project. */
export type Actor =
  | {
      kind: 'key'
      projectId: string
      keyId: string
      keyKind: KeyKind
      keyName: string
      scopes: ReadonlySet<Scope>
      /** From whom its project may send. */
      sender: Sender
    }
  | { kind: 'system'; projectId: string; scopes: ReadonlySet<Scope> }

/** All that a service knows about the call it serves. */
export interface Context {
  /** The pool, or the transaction of the caller. */
  db: Db
  actor: Actor
  runtime: Runtime
  requestId: string
  ip?: string | undefined
  /** As the caller sent it; `invoke` checks it. */
  idempotencyKey?: string | undefined
  /** Set by `invoke` for a call that must happen once. */
  once?: Once | undefined
  /** Told when the answer is that of an earlier call with the same Idempotency-Key. */
  onReplay?: (() => void) | undefined
}

/** The operator at the command line, or Posthorn itself. */
export function systemActor(projectId: string): Actor {
  return { kind: 'system', projectId, scopes: new Set(SCOPES) }
}

/** Joins the caller's transaction when there is one, so that services compose without nesting. */
export async function inTransaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  if (ctx.db.isTransaction) return work(ctx)
  return ctx.db.transaction().execute((db) => work({ ...ctx, db }))
}
