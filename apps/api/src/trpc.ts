import { isQuery, LIMITS, operationList, type AppRouter } from '@posthorn/contracts'
import { ApiError, invoke, KEY_GOOD_FOR_MS, requireScope, type Context } from '@posthorn/services'
import { initTRPC } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { headersOf } from './answers.ts'
import { announcedBytes, makeRoom, SMALL_BODY_BYTES } from './bodies.ts'
import { refuseMethod } from './methods.ts'
import { actorOf, contextOf, inTime, recordOf, takesPublicKey, type Served } from './requests.ts'
import { refusalFrom, refusing, trpcRefusal, withRequestId } from './trpc-refusals.ts'

interface TrpcContext extends Context {
  /** Lets the body of the request in, once for all of its calls. */
  letBodyIn(): Promise<void>
  /** Makes sure that the key is still good when the call begins. */
  renew(): Promise<void>
}

const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  errorFormatter: ({ error, type, path }) => trpcRefusal(refusalFrom(error, type), { path }),
})

function createRouter(answerMs: number): AppRouter {
  const nouns: Record<string, Record<string, unknown>> = {}
  for (const operation of operationList) {
    const procedure = t.procedure
      // Before the body is read: nobody gets to fill memory with what they may not send.
      .use(async ({ ctx, next }) => {
        await refusing(() => {
          requireScope(ctx.actor, operation)
          return ctx.letBodyIn()
        })
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

const operationsOf = (paths: string[]) => paths.flatMap((path) => operationsByName.get(path) ?? [])

/** The largest body that a request for these calls may have. */
const limitOf = (paths: string[]) =>
  Math.max(LIMITS.requestBytes, ...operationsOf(paths).map(({ bodyLimitBytes = 0 }) => bodyLimitBytes))

async function createContext(
  { runtime, answerMs, uploads }: Served,
  paths: string[],
  { req, res }: { req: Request; res: Response },
): Promise<TrpcContext> {
  const [first = ''] = paths
  const single = operationsByName.has(first) ? first : 'unknown'
  recordOf(res).operation = paths.length > 1 ? `trpc batch of ${paths.length}` : `trpc ${single}`
  if (paths.length > 1 && req.get('idempotency-key') !== undefined) {
    throw new ApiError('BAD_REQUEST', 'An Idempotency-Key stands for one call, and this request batches several.')
  }
  const called = operationsOf(paths)
  const needsSecretKey = called.some((operation) => !takesPublicKey(operation))
  const actorNow = () => inTime(answerMs, actorOf(runtime, { req, res }, needsSecretKey))
  const actor = await actorNow()
  const askedAt = performance.now()
  let letIn: Promise<void> | undefined
  const letBodyIn = async () => {
    if (req.method === 'GET') return
    // A call that will be refused anyway does not make room for the others' bodies.
    const permitted = called.filter(({ scope }) => actor.scopes.has(scope)).map(({ name }) => name)
    const limitBytes = limitOf(permitted)
    const bytes = announcedBytes(req, { limit: limitBytes, unannounced: limitOf(paths) })
    if (bytes > SMALL_BODY_BYTES) await makeRoom(uploads, { bytes, limitBytes }, { req, res })
    req.resume()
  }
  return {
    ...contextOf(runtime, actor, { req, res }),
    letBodyIn: () => (letIn ??= letBodyIn()),
    async renew() {
      // A body may take its time, and the key may have been revoked meanwhile.
      if (performance.now() - askedAt > KEY_GOOD_FOR_MS) await actorNow()
    },
  }
}

export interface TrpcOptions extends Served {
  onFault: (error: unknown, res: Response) => void
}

/** The tRPC interface: one procedure for each operation of the table, behind the same keys as REST. */
export function trpcHandler({ onFault, ...served }: TrpcOptions): RequestHandler {
  const router = createRouter(served.answerMs)
  const withLimit = (maxBodySize: number) =>
    createExpressMiddleware({
      router,
      createContext: ({ req, res, info }) => {
        const paths = info.calls.map(({ path }) => path)
        return refusing(() => createContext(served, paths, { req, res }))
      },
      allowBatching: true,
      maxBatchSize: LIMITS.trpcBatchSize,
      maxBodySize,
      // tRPC leaves the type out where it cannot tell what is called, or how the answers are wanted.
      responseMeta: ({ info }) =>
        info === undefined || (info.accept !== null && !info.isBatchCall)
          ? { headers: { 'content-type': 'application/json' } }
          : {},
      onError: ({ error, type, req }) => {
        // Safe because Express gives each request its response.
        const res = req.res as Response
        if (!res.headersSent) res.set(headersOf(getHTTPStatusCodeFromError(error)))
        recordOf(res).code = refusalFrom(error, type).code
        if (!(error.cause instanceof ApiError) && error.code === 'INTERNAL_SERVER_ERROR') {
          onFault(error.cause ?? error, res)
        }
      },
    })
  const limits = new Set(operationList.map(({ name }) => limitOf([name])).concat(LIMITS.requestBytes))
  const handlers = new Map([...limits].map((limit) => [limit, withLimit(limit)]))
  const handle: RequestHandler = (req, res, next) => {
    // tRPC would answer 204 to any HEAD. The answer to one has no body, whatever is written.
    if (req.method === 'HEAD') req.method = 'GET'
    // tRPC listens to the body at once, before anybody knows who sends it.
    else req.pause()
    // For what tRPC gives up on before it has an answer.
    res.type('json')
    const handler = handlers.get(limitOf(req.path.slice(1).split(',')))
    withRequestId(recordOf(res).requestId, () => handler?.(req, res, next))
  }
  return Router()
    .get('/*path', handle)
    .post('/*path', handle)
    .all('/*path', refuseMethod(['GET', 'POST']))
}
