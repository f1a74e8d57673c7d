import { openApiDocument } from '@posthorn/contracts/openapi'
import { ApiError, type ApiLog, type ChangeFeed, type Runtime } from '@posthorn/services'
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express'
import type { Logger } from '@posthorn/process'
import { accountRouter } from './accounts.ts'
import { apiDocs } from './api-docs.ts'
import { asRefusal, headersOf, internalFault, refusal } from './answers.ts'
import { consentPages } from './consent/pages.ts'
import { dashboard } from './dashboard.ts'
import { noticeForwarding } from './forwarding.ts'
import { imageRouter } from './images.ts'
import { refuseMethod } from './methods.ts'
import { limitStrangers } from './rate-limits.ts'
import { readiness } from './readiness.ts'
import { begin, recordOf, refuseKeyInQuery, requireHost, type StreamServed } from './requests.ts'
import { restRouter } from './rest.ts'
import { secureTransport } from './secure-transport.ts'
import { trpcHandler } from './trpc.ts'
import { trpcRefusal } from './trpc-refusals.ts'

export interface AppOptions extends StreamServed {
  log: Logger
  apiLog: ApiLog
  changes: ChangeFeed
  /** Addresses or networks of the proxies whose X-Forwarded-For is believed. */
  trustedProxies?: string[] | undefined
  /** What the dashboard was built to; left out, there is none. */
  dashboardFolder?: string | undefined
}

/** The API as an Express application, not listening yet. */
export function createApp(options: AppOptions): Express {
  const {
    runtime,
    accounts,
    log,
    apiLog,
    changes,
    trustedProxies = [],
    answerMs,
    uploads,
    idleMs,
    dashboardFolder,
  } = options
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.set('trust proxy', trustedProxies)

  const logFault = (error: unknown, res: Response) =>
    log.error({ err: error, requestId: recordOf(res).requestId }, 'fault')

  app.use(begin(log, apiLog), secureTransport(runtime.publicUrl), requireHost, refuseKeyInQuery)
  app.use(noticeForwarding(runtime, trustedProxies))
  app.use(restRouter({ runtime, accounts, answerMs, uploads, idleMs }))
  app.use('/auth', limitStrangers(runtime), accountRouter(accounts, { runtime, answerMs, uploads }))
  app.use('/trpc', trpcHandler({ runtime, accounts, answerMs, uploads, changes, onFault: logFault }))
  app.use(apiDocs())
  app.use(consentPages({ runtime, answerMs }))
  app.use(imageRouter({ runtime, answerMs }))
  if (dashboardFolder !== undefined) app.use(dashboard({ folder: dashboardFolder, publicUrl: runtime.publicUrl }))
  for (const [path, answer] of Object.entries(pages(runtime, answerMs))) {
    app
      .route(path)
      .get(answer)
      .all(refuseMethod(['GET']))
  }
  app.use(() => {
    throw new ApiError('ROUTE_NOT_FOUND', 'Nothing lives at this address.', {
      suggestion: 'All operations are listed at /v1/openapi.json.',
    })
  })
  app.use(refuse(logFault))
  return app
}

/** What the API serves beside the operations. */
function pages(runtime: Runtime, answerMs: number): Record<string, RequestHandler> {
  const document = openApiDocument()
  const index = { name: 'Posthorn', api: '/v1', trpc: '/trpc', openapi: '/v1/openapi.json', docs: '/docs' }
  return {
    '/': (_req, res) => void res.json(index),
    '/health': (_req, res) => void res.json({ status: 'ok', uptimeSeconds: Math.round(process.uptime()) }),
    '/ready': readiness(runtime, answerMs),
    '/v1/openapi.json': (_req, res) => void res.json(document),
  }
}

function refuse(logFault: (error: unknown, res: Response) => void): ErrorRequestHandler {
  // Express knows what handles errors by its four parameters.
  return (error: unknown, req, res, _next) => {
    const known = asRefusal(error)
    if (known === undefined) logFault(error, res)
    const answer = known ?? internalFault()
    const record = recordOf(res)
    record.code = answer.code
    if (res.headersSent) {
      // What was begun breaks off without its end, so that nobody takes it for whole.
      record.status = answer.status
      res.destroy()
      return
    }
    res.set(headersOf(answer.status, answer.retryAfterSeconds))
    const { requestId } = record
    const isCall = req.path.startsWith('/trpc/')
    res.status(answer.status).json(isCall ? { error: trpcRefusal(answer, { requestId }) } : refusal(answer, requestId))
  }
}
