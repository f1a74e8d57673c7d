import { isQuery, LIMITS, operationList, type AppRouter, type ErrorCode, type RefusalData } from '@posthorn/contracts'
import { ApiError, invoke, requireScope, type Context, type Runtime } from '@posthorn/services'
import { initTRPC, TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { headersOf, internalFault } from './answers.ts'
import { actorOf, contextOf, inTime, KEY_GOOD_FOR_MS, recordOf } from './requests.ts'
import { refuseMethod } from './rest.ts'

const TRPC_CODES = {
  MISSING_AUTH: 'UNAUTHORIZED',
  INVALID_API_KEY: 'UNAUTHORIZED',
  INSUFFICIENT_SCOPE: 'FORBIDDEN',
  ADDRESS_NOT_ALLOWED: 'FORBIDDEN',
  SENDER_UNVERIFIED: 'FORBIDDEN',
  SCOPE_NOT_HELD: 'FORBIDDEN',
  INVALID_REQUEST_BODY: 'BAD_REQUEST',
  BAD_REQUEST: 'BAD_REQUEST',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  VALIDATION_ERROR: 'UNPROCESSABLE_CONTENT',
  ROUTE_NOT_FOUND: 'NOT_FOUND',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_SUPPORTED',
  EMAIL_NOT_FOUND: 'NOT_FOUND',
  CONTACT_NOT_FOUND: 'NOT_FOUND',
  KEY_NOT_FOUND: 'NOT_FOUND',
  MESSAGE_NOT_FOUND: 'NOT_FOUND',
  PROJECT_NOT_FOUND: 'NOT_FOUND',
  INBOX_OFF: 'NOT_FOUND',
  EMAIL_NOT_WAITING: 'CONFLICT',
  KEY_NOT_ACTIVE: 'CONFLICT',
  IDEMPOTENCY_IN_PROGRESS: 'CONFLICT',
  IDEMPOTENCY_KEY_REUSED: 'UNPROCESSABLE_CONTENT',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>

interface TrpcContext extends Context {
  /** Makes sure that the key is still good when the call begins. */
  renew(): Promise<void>
}

const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const { code, httpStatus, path } = shape.data
    const refusal = error.cause instanceof ApiError ? error.cause : undefined
    const data: RefusalData = {
      code,
      httpStatus,
      ...(path !== undefined && { path }),
      ...(ctx && { requestId: ctx.requestId }),
      ...(refusal && { apiCode: refusal.code }),
      ...(refusal?.errors && { errors: refusal.errors }),
      ...(refusal?.suggestion !== undefined && { suggestion: refusal.suggestion }),
    }
    // A fault that is not a refusal may carry words of the database; the caller gets none of them.
    const isFault = refusal === undefined && error.code === 'INTERNAL_SERVER_ERROR'
    return { ...shape, message: isFault ? internalFault().message : shape.message, data }
  },
})

/** Does something, with its refusals in the words of tRPC. */
async function refusing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new TRPCError({ code: TRPC_CODES[error.code], message: error.message, cause: error })
  }
}

function createRouter(answerMs: number): AppRouter {
  const nouns: Record<string, Record<string, unknown>> = {}
  for (const operation of operationList) {
    const procedure = t.procedure
      // Before the body is read: nobody gets to fill memory with what they may not send.
      .use(async ({ ctx, next }) => {
        await refusing(() => requireScope(ctx.actor, operation))
        return next()
      })
      // Zod runs once, behind the door.
      .input((raw: unknown) => raw)
    const call = ({ ctx, input }: { ctx: TrpcContext; input: unknown }) =>
      refusing(async () => {
        await ctx.renew()
        return inTime(answerMs, invoke(ctx, [operation.noun, operation.verb], input))
      })
    const verbs = (nouns[operation.noun] ??= {})
    verbs[operation.verb] = isQuery(operation) ? procedure.query(call) : procedure.mutation(call)
  }
  // Safe because the loop above and the type `AppRouter` read the same table.
  return t.router(nouns as Parameters<typeof t.router>[0]) as unknown as AppRouter
}

const operationsByName = new Map(operationList.map((operation) => [operation.name, operation]))

/** The largest body that a request for these calls may have. */
const limitOf = (paths: string[]) =>
  Math.max(LIMITS.requestBytes, ...paths.map((path) => operationsByName.get(path)?.bodyLimitBytes ?? 0))

async function createContext(runtime: Runtime, paths: string[], { req, res }: { req: Request; res: Response }) {
  const [first = ''] = paths
  const single = operationsByName.has(first) ? first : 'unknown'
  recordOf(res).operation = paths.length > 1 ? `trpc batch of ${paths.length}` : `trpc ${single}`
  if (paths.length > 1 && req.get('idempotency-key') !== undefined) {
    throw new ApiError('BAD_REQUEST', 'An Idempotency-Key stands for one call, and this request batches several.')
  }
  const context = contextOf(runtime, await actorOf(runtime, req, res), { req, res })
  const askedAt = performance.now()
  const renew = async () => {
    // A body may take its time, and the key may have been revoked meanwhile.
    if (performance.now() - askedAt > KEY_GOOD_FOR_MS) await actorOf(runtime, req, res)
  }
  return { ...context, renew }
}

export interface TrpcOptions {
  runtime: Runtime
  answerMs: number
  onFault: (error: unknown, res: Response) => void
}

/** The tRPC interface: one procedure for each operation of the table, behind the same keys as REST. */
export function trpcHandler({ runtime, answerMs, onFault }: TrpcOptions): RequestHandler {
  const router = createRouter(answerMs)
  const withLimit = (maxBodySize: number) =>
    createExpressMiddleware({
      router,
      createContext: ({ req, res, info }) => {
        const paths = info.calls.map(({ path }) => path)
        return refusing(() => inTime(answerMs, createContext(runtime, paths, { req, res })))
      },
      allowBatching: true,
      maxBatchSize: LIMITS.trpcBatchSize,
      maxBodySize,
      onError: ({ error, req }) => {
        // Safe because Express gives each request its response.
        const res = req.res as Response
        if (!res.headersSent) res.set(headersOf(getHTTPStatusCodeFromError(error)))
        if (error.cause instanceof ApiError) recordOf(res).code = error.cause.code
        else if (error.code === 'INTERNAL_SERVER_ERROR') onFault(error.cause ?? error, res)
      },
    })
  const limits = new Set(operationList.map(({ name }) => limitOf([name])).concat(LIMITS.requestBytes))
  const handlers = new Map([...limits].map((limit) => [limit, withLimit(limit)]))
  const handle: RequestHandler = (req, res, next) =>
    handlers.get(limitOf(req.path.slice(1).split(',')))?.(req, res, next)
  return Router()
    .get('/*path', handle)
    .post('/*path', handle)
    .all('/*path', refuseMethod(['GET', 'POST']))
}
