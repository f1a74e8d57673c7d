import type { Accounts } from '@posthorn/accounts'
import {
  isQuery,
  isStreamed,
  LIMITS,
  operationList,
  peopleOperationList,
  type AppRouter,
  type NamedPeopleOperation,
} from '@posthorn/contracts'
import {
  ApiError,
  invoke,
  invokePeople,
  KEY_GOOD_FOR_MS,
  requireAudience,
  requireScope,
  type ChangeFeed,
  type PeopleContext,
} from '@posthorn/services'
import { initTRPC } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { headersOf } from './answers.ts'
import { announcedBytes, makeRoom, SMALL_BODY_BYTES } from './bodies.ts'
import { LIVE_CHANGES, liveChanges, SSE } from './live.ts'
import { refuseMethod } from './methods.ts'
import {
  callerOf,
  callsOf,
  contextOf,
  inTime,
  millisecondsSince,
  recordOf,
  requireActor,
  splitInto,
  takesPublicKey,
  type CallerFound,
  type Served,
  type TrpcCall,
} from './requests.ts'
import { refusalFrom, refusing, trpcRefusal, withRequestId } from './trpc-refusals.ts'

/** A stream of its own kind has no place among calls. */
const calledByTrpc = operationList.filter((operation) => !isStreamed(operation))

interface TrpcContext extends PeopleContext {
  /** Why the caller is no actor of a project, if they are none. */
  refusal: ApiError | undefined
  /** What is written down of the calls of this request, by their place in it. */
  calls: TrpcCall[]
  /** Lets the body of the request in, once for all of its calls. */
  letBodyIn(): Promise<void>
  /** Who calls, with a key or session that is still good when the call begins. */
  renew(): Promise<CallerFound>
}

function requireCaller({ caller, refusal }: CallerFound, operation: NamedPeopleOperation): void {
  if (operation.for === 'member' && caller.kind === 'person' && refusal !== undefined) throw refusal
  requireAudience(caller, operation)
}

const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  sse: SSE,
  errorFormatter: ({ error, type, path }) => trpcRefusal(refusalFrom(error, type), { path }),
})

/** Writes down how each call ended, and how long it took by itself. */
const noted = t.procedure.use(async ({ ctx, next, batchIndex, type }) => {
  const call = ctx.calls[batchIndex]
  if (call !== undefined) call.hasBegun = true
  const begun = performance.now()
  const result = await next()
  const { status, code } = result.ok ? { status: 200 } : refusalFrom(result.error, type)
  if (call !== undefined) call.outcome = { status, code, durationMs: millisecondsSince(begun) }
  return result
})

function createRouter({ answerMs, changes }: Pick<TrpcOptions, 'answerMs' | 'changes'>): AppRouter {
  const nouns: Record<string, Record<string, unknown>> = {}
  const watch = t.procedure.subscription(async function* watch({ ctx, signal = new AbortController().signal }) {
    const actorNow = async () => requireActor(await ctx.renew())
    yield* liveChanges(changes, { actor: await refusing(actorNow), renew: actorNow, signal }, refusing)
  })
  nouns['live'] = { changes: watch }
  for (const operation of calledByTrpc) {
    if (operation.takes !== undefined) continue
    const procedure = noted
      // Before the body is read: nobody gets to fill memory with what they may not send.
      .use(async ({ ctx, next }) => {
        await refusing(() => {
          requireScope(requireActor({ caller: ctx.actor, refusal: ctx.refusal }), operation)
          return ctx.letBodyIn()
        })
        return next()
      })
      // Zod runs once, behind the door.
      .input(withoutDirection(operation.input))
    const call = ({ ctx, input }: { ctx: TrpcContext; input: unknown }) =>
      refusing(async () => {
        const actor = requireActor(await ctx.renew())
        return inTime(answerMs, invoke({ ...ctx, actor }, [operation.noun, operation.verb], input))
      })
    const verbs = (nouns[operation.noun] ??= {})
    verbs[operation.verb] = isQuery(operation) ? procedure.query(call) : procedure.mutation(call)
  }
  for (const operation of peopleOperationList) {
    const procedure = noted
      .use(async ({ ctx, next }) => {
        await refusing(() => {
          requireCaller({ caller: ctx.actor, refusal: ctx.refusal }, operation)
          return ctx.letBodyIn()
        })
        return next()
      })
      .input(withoutDirection(operation.input))
    const call = ({ ctx, input }: { ctx: TrpcContext; input: unknown }) =>
      refusing(async () => {
        const found = await ctx.renew()
        requireCaller(found, operation)
        return inTime(answerMs, invokePeople({ ...ctx, actor: found.caller }, [operation.noun, operation.verb], input))
      })
    const verbs = (nouns[operation.noun] ??= {})
    verbs[operation.verb] = operation.call === 'query' ? procedure.query(call) : procedure.mutation(call)
  }
  // Safe because the loops above and the type `AppRouter` read the same tables.
  return t.router(nouns as Parameters<typeof t.router>[0]) as unknown as AppRouter
}

/** Infinite queries of tRPC say which way they go on, beside the cursor. Lists go one way here. */
function withoutDirection({ shape }: { shape: object }) {
  const isList = 'cursor' in shape && !('direction' in shape)
  return (raw: unknown): unknown => {
    if (!isList || typeof raw !== 'object' || raw === null || !('direction' in raw)) return raw
    const { direction: _, ...input } = raw
    return input
  }
}

const operationsByName = new Map(calledByTrpc.map((operation) => [operation.name, operation]))
const peopleOperationNames = new Set(peopleOperationList.map(({ name }) => name))

/** What may stand in a log; anything else that is asked for may hold an address. */
const knownName = (path: string) =>
  operationsByName.has(path) || peopleOperationNames.has(path) || path === LIVE_CHANGES ? path : 'unknown'

const operationsOf = (paths: string[]) => paths.flatMap((path) => operationsByName.get(path) ?? [])

/** The largest body that a request for these calls may have. */
const limitOf = (paths: string[]) =>
  Math.max(LIMITS.requestBytes, ...operationsOf(paths).map(({ bodyLimitBytes = 0 }) => bodyLimitBytes))

interface Call {
  paths: string[]
  /** Streams cannot carry headers of their own. */
  projectId: string | undefined
  req: Request
  res: Response
}

async function createContext(
  { runtime, accounts, answerMs, uploads }: Server,
  { paths, projectId, req, res }: Call,
): Promise<TrpcContext> {
  const calls = paths.map((path): TrpcCall => ({ operation: knownName(path), hasBegun: false }))
  splitInto(res, calls)
  recordOf(res).operation = paths.length > 1 ? `trpc batch of ${paths.length}` : `trpc ${calls[0]?.operation}`
  if (paths.length > 1 && req.get('idempotency-key') !== undefined) {
    throw new ApiError('BAD_REQUEST', 'An Idempotency-Key stands for one call, and this request batches several.')
  }
  const called = operationsOf(paths)
  const needsSecretKey = called.some((operation) => !takesPublicKey(operation))
  const asked = { projectId: req.get('x-project-id') ?? projectId, needsSecretKey }
  const find = () => inTime(answerMs, callerOf({ runtime, accounts }, { req, res }, asked))
  const found = await find()
  const { caller, refusal } = found
  // Visitors are heard out only where something is there for them.
  if (caller.kind === 'visitor' && refusal !== undefined && !paths.some((path) => peopleOperationNames.has(path))) {
    throw refusal
  }
  const askedAt = performance.now()
  let letIn: Promise<void> | undefined
  const letBodyIn = async () => {
    if (req.method === 'GET') return
    const scopes = 'scopes' in caller ? caller.scopes : undefined
    // A call that will be refused anyway does not make room for the others' bodies.
    const permitted = called.filter(({ scope }) => scopes?.has(scope) ?? false).map(({ name }) => name)
    const limitBytes = limitOf(permitted)
    const bytes = announcedBytes(req, { limit: limitBytes, unannounced: limitOf(paths) })
    if (bytes > SMALL_BODY_BYTES) await makeRoom(uploads, { bytes, limitBytes }, { req, res })
    req.resume()
  }
  return {
    ...contextOf(runtime, caller, { req, res }),
    refusal,
    calls,
    letBodyIn: () => (letIn ??= letBodyIn()),
    // A body may take its time, and the key may have been revoked or the member removed meanwhile.
    renew: async () => (performance.now() - askedAt > KEY_GOOD_FOR_MS ? find() : found),
  }
}

interface Server extends Served {
  accounts: Accounts
}

export interface TrpcOptions extends Server {
  changes: ChangeFeed
  onFault: (error: unknown, res: Response) => void
}

/** The tRPC interface: one procedure for each operation of both tables, for the keys of REST and for people’s sessions. */
export function trpcHandler({ onFault, changes, ...served }: TrpcOptions): RequestHandler {
  const router = createRouter({ answerMs: served.answerMs, changes })
  const withLimit = (maxBodySize: number) =>
    createExpressMiddleware({
      router,
      createContext: ({ req, res, info }) => {
        const paths = info.calls.map(({ path }) => path)
        // They stand in the address; what can carry headers names its project there.
        const projectId = paths.every((path) => path === LIVE_CHANGES)
          ? info.connectionParams?.['projectId']
          : undefined
        return refusing(() => createContext(served, { paths, projectId, req, res }))
      },
      allowBatching: true,
      maxBatchSize: LIMITS.trpcBatchSize,
      maxBodySize,
      // tRPC leaves the type out where it cannot tell what is called, or how the answers are wanted.
      responseMeta: ({ info }) =>
        info === undefined || (info.accept !== null && !info.isBatchCall)
          ? { headers: { 'content-type': 'application/json' } }
          : {},
      onError: ({ error, type, req, path }) => {
        // Safe because Express gives each request its response.
        const res = req.res as Response
        const { code, status, retryAfterSeconds } = refusalFrom(error, type)
        if (!res.headersSent) res.set(headersOf(getHTTPStatusCodeFromError(error), retryAfterSeconds))
        recordOf(res).code = code
        // What tRPC refuses by itself never gets to a procedure.
        const call = callsOf(res)?.find(({ operation, hasBegun }) => !hasBegun && operation === knownName(path ?? ''))
        if (call !== undefined) Object.assign(call, { hasBegun: true, outcome: { status, code, durationMs: 0 } })
        if (!(error.cause instanceof ApiError) && error.code === 'INTERNAL_SERVER_ERROR') {
          onFault(error.cause ?? error, res)
        }
      },
    })
  const limits = new Set(calledByTrpc.map(({ name }) => limitOf([name])).concat(LIMITS.requestBytes))
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
