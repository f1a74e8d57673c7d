import type { Db } from '@posthorn/db'
import { coalesce } from './coalesce.ts'
import { acceptEmails, acceptsInOneStatement, type Acceptance, type Accepted } from './emails/accept.ts'
import { recordEvents, type RecordedEvent, type TrackedEvent } from './events/record.ts'
import { groupCommit, type GroupCommit } from './group-commit.ts'
import { findKeys, type FoundKey } from './keys/find.ts'
import { trackUsage, type KeyUsage } from './keys/usage.ts'
import { createSecretBox, type SecretBox } from './secrets.ts'

export interface RuntimeOptions {
  db: Db
  /** The master key; what it sealed can only be read with it. */
  secret: string
  /** True while mail goes to the built-in inbox. */
  captures: boolean
  /** How long a call waits for another process that is busy with the same Idempotency-Key. */
  keyWaitMs?: number
  /** Told of faults that no caller is there to hear. */
  onFault?: (error: unknown) => void
}

/** What the services of one process share. */
export interface Runtime {
  db: Db
  secrets: SecretBox
  captures: boolean
  keyWaitMs: number
  findKey: (hash: Buffer) => Promise<FoundKey | undefined>
  acceptEmails: GroupCommit<Acceptance, Accepted>
  recordEvents: GroupCommit<TrackedEvent, RecordedEvent>
  keyUsage: KeyUsage
  /** Writes down what is still in memory. */
  close(): Promise<void>
}

/**
 * Opens the services over a database. Look-ups and acceptances that arrive together share one query and one commit,
 * which is what makes a durable acceptance cheap.
 */
export function createRuntime({
  db,
  secret,
  captures,
  keyWaitMs = 5_000,
  onFault = () => {},
}: RuntimeOptions): Runtime {
  const keyUsage = trackUsage(db, onFault)
  return {
    db,
    secrets: createSecretBox(secret),
    captures,
    keyWaitMs,
    findKey: coalesce({ run: (hashes: Buffer[]) => findKeys(db, hashes), maxBatch: 500, maxInFlight: 2 }),
    acceptEmails: groupCommit(db, acceptEmails, { keyWaitMs, isOneStatement: acceptsInOneStatement }),
    recordEvents: groupCommit(db, recordEvents, { keyWaitMs }),
    keyUsage,
    close: () => keyUsage.close(),
  }
}
