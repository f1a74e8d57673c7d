import type { Accounts } from '@posthorn/accounts'
import { GRANTABLE_SCOPES, LIMITS, type NamedOperation } from '@posthorn/contracts'
import type { Actor, ApiLog, Caller, Credentials, Runtime } from '@posthorn/services'
import { ApiError, authenticate, missingKey, newId, projectNeeded, projectNotFound } from '@posthorn/services'
import type { NextFunction, Request, Response } from 'express'
import type { Logger } from '@posthorn/process'
import { isSameOrigin } from './origin.ts'
import { countCalls, countRefused } from './rate-limits.ts'
import type { UploadBudget } from './uploads.ts'

/** What every way in to the operations needs. */
export interface Served {
  runtime: Runtime
  /** How long an answer may take before the caller is told that the database does not keep up. */
  answerMs: number
  uploads: UploadBudget
}

/** What is offered over REST alone is for people who are signed in as well. */
export interface StreamServed extends Served {
  accounts: Accounts
  /** How long a client may leave a file where it is, sending it or taking it, before it is given up. */
  idleMs: number
}

/** What the log line of a request says, filled in as it becomes known. */
export interface RequestRecord {
  requestId: string
  /** The operation or route; never the path itself, which may hold an address. */
  operation?: string
  projectId?: string
  keyId?: string
  userId?: string
  code?: string
  /** What was answered, where it was not the app that did. */
  status?: number
}

/** One of the calls that a request over tRPC brings, filled in as it ends. */
export interface TrpcCall {
  operation: string
  hasBegun: boolean
  /** None for a stream, which ends with its request. */
  outcome?: { status: number; code: string | undefined; durationMs: number }
}

const WELL_FORMED_ID = new RegExp(`^[\\w.:-]{1,${LIMITS.requestIdLength}}$`)

export const recordOf = (res: Response): RequestRecord => res.locals['record'] as RequestRecord // Safe because `begin` ran first.

/** Has the project's log list each of these calls instead of the request. */
export function splitInto(res: Response, calls: TrpcCall[]): void {
  res.locals['calls'] = calls
}

/** The calls of a request over tRPC, by their place in it. */
export const callsOf = (res: Response) => res.locals['calls'] as TrpcCall[] | undefined // Safe because only `splitInto` sets it.

export const millisecondsSince = (begun: number): number => Math.round((performance.now() - begun) * 10) / 10

/** Gives each request its id, its one line in the log, and its place in the log that the project can read. */
export function begin(log: Logger, apiLog: ApiLog) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const asked = req.get('x-request-id')
    const brought = asked !== undefined && WELL_FORMED_ID.test(asked) ? asked : undefined
    const id = newId()
    const record: RequestRecord = { requestId: brought ?? id }
    res.locals['record'] = record
    res.setHeader('X-Request-ID', record.requestId)
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('X-Content-Type-Options', 'nosniff')
    const begun = performance.now()
    // A socket that is closed does not know any more whose it was.
    const { ip, method } = req
    res.on('close', () => {
      const durationMs = millisecondsSince(begun)
      const status = res.writableFinished ? res.statusCode : 499
      log.info({ status, ...record, method, durationMs }, 'request')
      const { projectId, operation, keyId, userId, code } = record
      // What a page reads is left out, or looking at the log would fill it.
      if (projectId === undefined || operation === undefined || (userId !== undefined && method === 'GET')) return
      const who = { projectId, keyId, userId, ip }
      const whole = { status: record.status ?? status, code, durationMs }
      const calls = callsOf(res)
      if (calls === undefined) return apiLog.note({ id, requestId: brought, ...who, method, operation, ...whole })
      for (const [place, { operation, outcome = whole }] of calls.entries()) {
        // The first has the id of the request, by which the others are found as if it had been brought along.
        const ids = place === 0 ? { id, requestId: brought } : { id: newId(), requestId: record.requestId }
        const said = res.writableFinished ? outcome : { ...outcome, status }
        apiLog.note({ ...ids, ...who, method: 'tRPC', operation, ...said })
      }
    })
    next()
  }
}

/** HTTP/1.1 wants to know which host is meant (RFC 9112, section 3.2). */
export function requireHost(req: Request, _res: Response, next: NextFunction): void {
  if (req.headers.host === undefined && req.httpVersion === '1.1') {
    throw new ApiError('BAD_REQUEST', 'The Host header is missing.')
  }
  next()
}

const KEY_IN_QUERY = /[?&](?:[^=&]*=(?:sk|pk)_\w{16}|(?:api_?key|access_token|authorization|secret|token)=)/i

/** Addresses end up in logs and histories, so a key in one is as good as published. */
export function refuseKeyInQuery(req: Request, _res: Response, next: NextFunction): void {
  if (req.url.includes('?') && KEY_IN_QUERY.test(req.url)) {
    throw new ApiError('MISSING_AUTH', 'A key does not belong in an address.', {
      suggestion: 'Send it as `Authorization: Bearer YOUR_KEY`, and regenerate this one: addresses end up in logs.',
    })
  }
  next()
}

/** Gives up on work that does not come back, as when the network to the database swallows everything. */
export async function inTime<T>(answerMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(
      new ApiError('SERVICE_UNAVAILABLE', 'The database, or the server itself, did not answer in time.', {
        suggestion: 'Try again in a few seconds; with the same Idempotency-Key it happens once.',
      }),
    )
  }, answerMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

export const takesPublicKey = ({ scope }: NamedOperation): boolean => GRANTABLE_SCOPES.public.includes(scope)

interface Exchange {
  req: Request
  res: Response
}

/** Each call of a request counts. */
const countedOf = (exchange: Exchange) => ({ ...exchange, calls: callsOf(exchange.res)?.length })

/** Who sends this request. Where only a secret key would do, the refusal of a wrong one says so. */
export async function actorOf(runtime: Runtime, exchange: Exchange, needsSecretKey: boolean): Promise<Actor> {
  const { req, res } = exchange
  const record = recordOf(res)
  const credentials: Credentials = {
    authorization: req.get('authorization'),
    ip: req.ip,
    needsSecretKey,
    // Also of a key that is refused then: its project finds the refusal in its log.
    onKnown(key) {
      record.projectId = key.projectId
      record.keyId = key.id
    },
  }
  const actor = await authenticate(runtime, credentials).catch((error: unknown) =>
    countRefused(runtime, error, countedOf(exchange)),
  )
  await countCalls(runtime, actor, countedOf(exchange))
  return actor
}

/** Who calls over tRPC, and what those are told who would have to be somebody else for it. */
export interface CallerFound {
  caller: Caller
  /** Why there is no actor of a project. */
  refusal: ApiError | undefined
}

/**
 * Who calls over tRPC: a key, or somebody with a session. Cookies count only when a page of ours sent them; nobody can
 * be made to act by another site.
 */
export async function callerOf(
  { runtime, accounts }: { runtime: Runtime; accounts: Accounts },
  exchange: Exchange,
  { projectId, needsSecretKey }: { projectId: string | undefined; needsSecretKey: boolean },
): Promise<CallerFound> {
  const { req, res } = exchange
  const cookies = req.headers.cookie
  const hasSession = accounts.hasSession(cookies) && isSameOrigin(req, runtime.publicUrl)
  if (req.get('authorization') !== undefined) {
    return { caller: await actorOf(runtime, exchange, needsSecretKey), refusal: undefined }
  }
  const caller = hasSession ? await accounts.callerOf(cookies, projectId) : undefined
  if (caller === undefined) {
    const refusal = hasSession
      ? new ApiError('SIGN_IN_NEEDED', 'Your session is over.', { suggestion: 'Sign in again.' })
      : missingKey()
    const visitor = { kind: 'visitor' } as const
    await countCalls(runtime, visitor, countedOf(exchange))
    return { caller: visitor, refusal }
  }
  const record = recordOf(res)
  record.userId = caller.person.userId
  await countCalls(runtime, caller, countedOf(exchange))
  if (caller.kind === 'user') {
    record.projectId = caller.projectId
    return { caller, refusal: undefined }
  }
  return { caller, refusal: projectId === undefined ? projectNeeded() : projectNotFound() }
}

/** What keys can call needs somebody who acts for a project. */
export function requireActor({ caller, refusal }: CallerFound): Actor {
  if (caller.kind !== 'person' && caller.kind !== 'visitor') return caller
  throw refusal ?? new Error('somebody without a project was not told why')
}

/**
 * Who calls what is offered over REST alone: a key, or a member of the project that the header `X-Project-Id` names, or
 * `projectId` in the address of what cannot carry headers, such as a download.
 */
export async function actorOfStream(
  served: { runtime: Runtime; accounts: Accounts },
  exchange: Exchange,
  needsSecretKey: boolean,
): Promise<Actor> {
  const { req } = exchange
  const { projectId } = req.query
  const named = req.get('x-project-id') ?? (typeof projectId === 'string' ? projectId : undefined)
  return requireActor(await callerOf(served, exchange, { projectId: named, needsSecretKey }))
}

/** Answered, or given up. */
function endOf(res: Response): AbortSignal {
  const ended = new AbortController()
  if (res.closed) ended.abort()
  else res.once('close', () => ended.abort())
  return ended.signal
}

export const USER_AGENT_LENGTH = 500

/** What `invoke` needs to know about this request. */
export function contextOf<C extends Caller>(runtime: Runtime, actor: C, { req, res }: Exchange) {
  return {
    db: runtime.db,
    runtime,
    actor,
    requestId: recordOf(res).requestId,
    ip: req.ip,
    userAgent: req.get('user-agent')?.slice(0, USER_AGENT_LENGTH),
    ended: () => endOf(res),
    idempotencyKey: req.get('idempotency-key'),
    onReplay: () => void res.setHeader('Idempotency-Replayed', 'true'),
  }
}
