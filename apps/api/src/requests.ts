import { randomUUID } from 'node:crypto'
import { GRANTABLE_SCOPES, LIMITS, type NamedOperation } from '@posthorn/contracts'
import type { Actor, Runtime } from '@posthorn/services'
import { ApiError, authenticate } from '@posthorn/services'
import type { NextFunction, Request, Response } from 'express'
import type { Logger } from '@posthorn/process'
import type { UploadBudget } from './uploads.ts'

/** What every way in to the operations needs. */
export interface Served {
  runtime: Runtime
  /** How long an answer may take before the caller is told that the database does not keep up. */
  answerMs: number
  uploads: UploadBudget
}

/** What the log line of a request says, filled in as it becomes known. */
export interface RequestRecord {
  requestId: string
  /** The operation or route; never the path itself, which may hold an address. */
  operation?: string
  projectId?: string
  keyId?: string
  code?: string
  /** What was answered, where it was not the app that did. */
  status?: number
}

const WELL_FORMED_ID = new RegExp(`^[\\w.:-]{1,${LIMITS.requestIdLength}}$`)

export const recordOf = (res: Response): RequestRecord => res.locals['record'] as RequestRecord // Safe because `begin` ran first.

/** Gives each request its id and its one line in the log. */
export function begin(log: Logger) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const asked = req.get('x-request-id')
    const record: RequestRecord = {
      requestId: asked !== undefined && WELL_FORMED_ID.test(asked) ? asked : randomUUID(),
    }
    res.locals['record'] = record
    res.setHeader('X-Request-ID', record.requestId)
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('X-Content-Type-Options', 'nosniff')
    const begun = performance.now()
    const { method } = req
    res.on('close', () => {
      const durationMs = Math.round((performance.now() - begun) * 10) / 10
      const status = res.writableFinished ? res.statusCode : 499
      log.info({ status, ...record, method, durationMs }, 'request')
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
      new ApiError('SERVICE_UNAVAILABLE', 'The database did not answer in time.', {
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

/** Who sends this request. Where only a secret key would do, the refusal of a wrong one says so. */
export async function actorOf(runtime: Runtime, { req, res }: Exchange, needsSecretKey: boolean): Promise<Actor> {
  const actor = await authenticate(runtime, { authorization: req.get('authorization'), ip: req.ip, needsSecretKey })
  const record = recordOf(res)
  record.projectId = actor.projectId
  if (actor.kind === 'key') record.keyId = actor.keyId
  return actor
}

/** What `invoke` needs to know about this request. */
export function contextOf(runtime: Runtime, actor: Actor, { req, res }: Exchange) {
  return {
    db: runtime.db,
    runtime,
    actor,
    requestId: recordOf(res).requestId,
    ip: req.ip,
    idempotencyKey: req.get('idempotency-key'),
    onReplay: () => void res.setHeader('Idempotency-Replayed', 'true'),
  }
}
