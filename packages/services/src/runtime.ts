import type { Db } from '@posthorn/db'
import { createResolver, type AddressResolver } from './addresses/resolver.ts'
import { coalesce } from './coalesce.ts'
import { acceptEmails, acceptsInOneStatement, type Acceptance, type Accepted } from './emails/accept.ts'
import { createVeil, type Veil } from './events/veil.ts'
import { recordEvents, recordsInOneStatement, type RecordedEvent, type TrackedEvent } from './events/record.ts'
import { createLinkSigner, type LinkSigner } from './consent/links.ts'
import { groupCommit, type GroupCommit } from './group-commit.ts'
import { openBucket, type Bucket, type BucketOptions } from './images/bucket.ts'
import { checkHealth, type HealthCheck } from './health.ts'
import { findKeys, type FoundKey } from './keys/find.ts'
import { trackUsage, type KeyUsage } from './keys/usage.ts'
import { createRateLimiter, type RateLimiter, type RateLimits } from './rate-limits/limiter.ts'
import { createRenderTurns, type RenderTurns } from './emails/render-turns.ts'
import { createCompiler, type Compiler } from './templates/compiler.ts'
import { createCursorSeal, type CursorSeal } from './sealed-cursor.ts'
import { createSecretBox, type SecretBox } from './secrets.ts'

export interface RuntimeOptions {
  db: Db
  /** The master key; what it sealed can only be read with it. */
  secret: string
  /** True while mail goes to the built-in inbox. */
  captures: boolean
  /** The relays that mail goes to, for those who ask whether they can be reached. */
  smtpUrls?: readonly string[] | undefined
  /** How people reach the dashboard, without a slash at the end; links in mails begin with it. */
  publicUrl?: string | undefined
  /** Whether people can make themselves an account, or somebody has to invite them. */
  signUps?: 'open' | 'invitation'
  /** Where else people can sign in. */
  providers?: readonly { id: string; name: string }[]
  /** How often things may be done; left out, as often as anybody wants. */
  rateLimits?: RateLimits | undefined
  /** How long a call waits for another process that is busy with the same Idempotency-Key. */
  keyWaitMs?: number
  /** Where pictures are kept; left out, in the database. */
  bucket?: BucketOptions | undefined
  /** What DNS says of a domain. */
  resolveDomain?: AddressResolver
  /** Told of faults that no caller is there to hear. */
  onFault?: (error: unknown) => void
}

/** What the services of one process share. */
export interface Runtime {
  db: Db
  secrets: SecretBox
  /** Signs the links by which recipients decide what they get. */
  links: LinkSigner
  /** Binds the cursor of a page to the list that it is of. */
  cursors: CursorSeal
  captures: boolean
  publicUrl: string
  signUps: 'open' | 'invitation'
  providers: readonly { id: string; name: string }[]
  keyWaitMs: number
  findKey: (hash: Buffer) => Promise<FoundKey | undefined>
  acceptEmails: GroupCommit<Acceptance, Accepted>
  recordEvents: GroupCommit<TrackedEvent, RecordedEvent>
  veilContact: Veil
  keyUsage: KeyUsage
  compileTemplate: Compiler
  inRenderTurn: RenderTurns
  rateLimiter: RateLimiter | undefined
  resolveDomain: AddressResolver
  bucket: Bucket | undefined
  /** Looks at everything that the instance stands on. */
  checkHealth: () => Promise<HealthCheck[]>
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
  smtpUrls = [],
  publicUrl = 'http://localhost:3000',
  signUps = 'invitation',
  providers = [],
  rateLimits,
  keyWaitMs = 5_000,
  bucket,
  resolveDomain = createResolver(),
  onFault = () => {},
}: RuntimeOptions): Runtime {
  const keyUsage = trackUsage(db, onFault)
  return {
    db,
    secrets: createSecretBox(secret),
    links: createLinkSigner(secret),
    cursors: createCursorSeal(secret),
    captures,
    publicUrl,
    signUps,
    providers,
    keyWaitMs,
    findKey: coalesce({ run: (hashes: Buffer[]) => findKeys(db, hashes), maxBatch: 500, maxInFlight: 2 }),
    acceptEmails: groupCommit(db, acceptEmails, { keyWaitMs, isOneStatement: acceptsInOneStatement }),
    veilContact: createVeil(secret),
    recordEvents: groupCommit(db, recordEvents, { keyWaitMs, isOneStatement: recordsInOneStatement }),
    keyUsage,
    compileTemplate: createCompiler(),
    inRenderTurn: createRenderTurns(),
    rateLimiter: rateLimits && createRateLimiter({ db, limits: rateLimits, onFault }),
    resolveDomain,
    bucket: bucket && openBucket(bucket),
    checkHealth: () => checkHealth({ db, secret, smtpUrls }),
    close: () => keyUsage.close(),
  }
}
