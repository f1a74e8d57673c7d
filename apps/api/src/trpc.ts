import { isQuery, LIMITS, operationList, type AppRouter, type ErrorCode, type RefusalData } from '@posthorn/contracts'
import { ApiError, invoke, type Context, type Runtime } from '@posthorn/services'
import { initTRPC, TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import type { Request, RequestHandler, Response } from 'express'
import { internalFault } from './answers.ts'
import { actorOf, contextOf, recordOf } from './requests.ts'

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

const t = initTRPC.context<Context>().create({
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

function asTrpcError(error: unknown): unknown {
  return error instanceof ApiError
    ? new TRPCError({ code: TRPC_CODES[error.code], message: error.message, cause: error })
    : error
}

function createRouter(): AppRouter {
  const nouns: Record<string, Record<string, unknown>> = {}
  for (const operation of operationList) {
    // Zod runs once, behind the door.
    const procedure = t.procedure.input((raw: unknown) => raw)
    const call = async ({ ctx, input }: { ctx: Context; input: unknown }) => {
      try {
        return await invoke(ctx, [operation.noun, operation.verb], input)
      } catch (error) {
        throw asTrpcError(error)
      }
    }
    const verbs = (nouns[operation.noun] ??= {})
    verbs[operation.verb] = isQuery(operation) ? procedure.query(call) : procedure.mutation(call)
  }
  // Safe because the loop above and the type `AppRouter` read the same table.
  return t.router(nouns as Parameters<typeof t.router>[0]) as unknown as AppRouter
}

async function createContext(runtime: Runtime, req: Request, res: Response): Promise<Context> {
  const calls = req.path.slice(1).split(',')
  recordOf(res).operation = calls.length > 1 ? `trpc batch of ${calls.length}` : `trpc ${calls[0]?.slice(0, 60)}`
  if (calls.length > 1 && req.get('idempotency-key') !== undefined) {
    throw new ApiError('BAD_REQUEST', 'An Idempotency-Key stands for one call, and this request batches several.')
  }
  return contextOf(runtime, await actorOf(runtime, req, res), { req, res })
}

/** The tRPC interface: one procedure for each operation of the table, behind the same keys as REST. */
export function trpcHandler(
  runtime: Runtime,
  onFault: (error: unknown, res: Response | undefined) => void,
): RequestHandler {
  return createExpressMiddleware({
    router: createRouter(),
    createContext: async ({ req, res }) => {
      try {
        return await createContext(runtime, req, res)
      } catch (error) {
        throw asTrpcError(error)
      }
    },
    allowBatching: true,
    maxBatchSize: LIMITS.trpcBatchSize,
    maxBodySize: LIMITS.mailRequestBytes,
    onError: ({ error, req }) => {
      if (error.cause instanceof ApiError) recordOf(req.res as Response).code = error.cause.code
      else if (error.code === 'INTERNAL_SERVER_ERROR') onFault(error.cause ?? error, req.res)
    },
  })
}
