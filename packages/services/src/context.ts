import { PERMISSIONS, type KeyKind, type Permission, type Role } from '@posthorn/contracts'
import { transact, type Db } from '@posthorn/db'
import type { ReceivedBody } from './body.ts'
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
      scopes: ReadonlySet<Permission>
      /** From whom its project may send. */
      sender: Sender
      /** Of what a contact is known by, what a public key overwrites; all else it only fills. */
      browserFields: readonly string[]
    }
  | { kind: 'user'; projectId: string; role: Role; scopes: ReadonlySet<Permission>; person: Person }
  | { kind: 'system'; projectId: string; scopes: ReadonlySet<Permission> }

/** Somebody who is signed in. */
export interface Person {
  userId: string
  sessionId: string
  name: string
  email: string
  emailVerified: boolean
  isInstanceOwner: boolean
  /** When the session last proved that the person is who they say. */
  provenAt: Date
}

/** Who asks for something that is not of one project: somebody who is signed in, or nobody known. */
export type Caller = Actor | { kind: 'person'; person: Person } | { kind: 'visitor' }

/** All that a service knows about the call it serves. */
export interface Context {
  /** The pool, or the transaction of the caller. */
  db: Db
  actor: Actor
  runtime: Runtime
  requestId: string
  ip?: string | undefined
  userAgent?: string | undefined
  /** Aborted once nobody waits for the answer any more. */
  ended?: (() => AbortSignal) | undefined
  /** For an operation that takes it as it comes. */
  body?: ReceivedBody | undefined
  /** As the caller sent it; `invoke` checks it. */
  idempotencyKey?: string | undefined
  /** Set by `invoke` for a call that must happen once. */
  once?: Once | undefined
  /** Told when the answer is that of an earlier call with the same Idempotency-Key. */
  onReplay?: (() => void) | undefined
}

/** What a service of people's own operations knows about its call. */
export type PeopleContext<C extends Caller = Caller> = Omit<Context, 'actor'> & { actor: C }

/** The operator at the command line, or Posthorn itself. */
export function systemActor(projectId: string): Actor {
  return { kind: 'system', projectId, scopes: new Set(PERMISSIONS) }
}

/**
 * Joins the caller's transaction when there is one, so that services compose without nesting. One of its own is done again
 * where the database ends it for the sake of another: `work` changes nothing outside it.
 */
export async function inTransaction<C extends { db: Db }, T>(ctx: C, work: (ctx: C) => Promise<T>): Promise<T> {
  if (ctx.db.isTransaction) return work(ctx)
  return transact(ctx.db, (db) => work({ ...ctx, db }))
}
