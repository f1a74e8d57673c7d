import { openApiDocument } from '@posthorn/contracts/openapi'
import { pendingMigrations } from '@posthorn/db'
import { ApiError, type Runtime } from '@posthorn/services'
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express'
import type { Logger } from '@posthorn/process'
import { asRefusal, headersOf, internalFault, refusal } from './answers.ts'
import { begin, inTime, recordOf, refuseKeyInQuery, requireHost } from './requests.ts'
import { restRouter } from './rest.ts'
import { trpcHandler } from './trpc.ts'

export interface AppOptions {
  runtime: Runtime
  log: Logger
  /** Addresses or networks of the proxies whose X-Forwarded-For is believed. */
  trustedProxies?: string[] | undefined
  /** How long an answer may take before the caller is told that the database does not keep up. */
  answerMs: number
}

/** The API as an Express application, not listening yet. */
export function createApp({ runtime, log, trustedProxies = [], answerMs }: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.set('trust proxy', trustedProxies)

  const logFault = (error: unknown, res: Response) =>
    log.error({ err: error, requestId: recordOf(res).requestId }, 'fault')

  app.use(begin(log), requireHost, refuseKeyInQuery)
  app.use(restRouter(runtime, answerMs))
  app.use('/trpc', trpcHandler({ runtime, answerMs, onFault: logFault }))
  app.get('/health', (_req, res) => void res.json({ status: 'ok', uptimeSeconds: Math.round(process.uptime()) }))
  app.get('/ready', readiness(runtime, answerMs))
  const document = openApiDocument()
  app.get('/v1/openapi.json', (_req, res) => void res.json(document))
  app.get(
    '/',
    (_req, res) => void res.json({ name: 'Posthorn', api: '/v1', trpc: '/trpc', openapi: '/v1/openapi.json' }),
  )
  app.use(() => {
    throw new ApiError('ROUTE_NOT_FOUND', 'Nothing lives at this address.', {
      suggestion: 'All operations are listed at /v1/openapi.json.',
    })
  })
  app.use(refuse(logFault))
  return app
}

function refuse(logFault: (error: unknown, res: Response) => void): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error)
    const known = asRefusal(error)
    if (known === undefined) logFault(error, res)
    const answer = known ?? internalFault()
    const record = recordOf(res)
    record.code = answer.code
    res.set(headersOf(answer.status))
    res.status(answer.status).json(refusal(answer, record.requestId))
  }
}

/** Ready once the database answers and has every table that this version needs. */
function readiness({ db }: Runtime, answerMs: number): RequestHandler {
  return async (_req, res) => {
    const reason = await inTime(answerMs, pendingMigrations(db)).then(
      (pending) => (pending.length > 0 ? 'Migrations are pending; run: pnpm posthorn migrate' : undefined),
      () => 'The database cannot be reached.',
    )
    if (reason === undefined) res.json({ status: 'ready' })
    else res.status(503).json({ status: 'not ready', reason })
  }
}
