import { LIMITS, operationList, type NamedOperation } from '@posthorn/contracts'
import { invoke, KEY_GOOD_FOR_MS, requireScope } from '@posthorn/services'
import cors from 'cors'
import { Router, type RequestHandler, type Response } from 'express'
import { answerOf } from './answers.ts'
import { unwrapBeacon } from './beacons.ts'
import { bodyReader } from './bodies.ts'
import { refuseMethod } from './methods.ts'
import { queryOf } from './queries.ts'
import { actorOf, contextOf, inTime, recordOf, takesPublicKey, type Served, type StreamServed } from './requests.ts'
import { serveDownload } from './rest-downloads.ts'
import { serveUpload } from './rest-uploads.ts'

/** `/v1/emails/{id}` in the words of Express. */
const routePath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1')

// Browsers of any site may report events with a public key; nothing else answers to a foreign origin.
const openToBrowsers = cors({
  origin: '*',
  methods: ['POST'],
  allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-ID', 'traceparent', 'tracestate'],
  exposedHeaders: [
    'X-Request-ID',
    'Idempotency-Replayed',
    'Retry-After',
    'RateLimit',
    'RateLimit-Policy',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
  ],
  maxAge: 86_400,
})

/** Where a path is served: there, and without `/v1`, where Plunk's clients look for all that is neither sent nor tracked. */
const addressesOf = (path: string): string[] => [path, path.replace(/^\/v1(?=\/)/, '')]

/** The REST interface: one route for each operation of the table. */
export function restRouter(served: StreamServed): Router {
  const router = Router({ caseSensitive: true })
  // An address can be that of several paths: `/v1/contacts/fields/topics` is a field, and has the form of a contact's topics.
  const refusals = Router({ caseSensitive: true })
  for (const [path, operations] of operationsByPath()) {
    const paths = addressesOf(path)
    for (const operation of operations) {
      if (takesPublicKey(operation)) router.all(paths, openToBrowsers, unwrapBeacon)
      const method = operation.rest.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
      router[method](paths, routeOf(operation, served))
    }
    refusals.all(paths, (_req, res, next) => {
      methodsAt(res).push(...operations.map(({ rest }) => rest.method))
      next()
    })
  }
  refusals.use((req, res, next) => {
    const methods = new Set(methodsAt(res))
    if (methods.size === 0) next()
    else void refuseMethod([...methods])(req, res, next)
  })
  return router.use(refusals)
}

/** The methods of all paths that an address has been found to fit. */
function methodsAt({ locals }: Response): string[] {
  locals['methods'] ??= []
  return locals['methods'] as string[] // Safe because nothing else is stored there.
}

function routeOf(operation: NamedOperation, served: StreamServed): RequestHandler {
  const { takes, answers } = operation
  if (takes !== undefined) return serveUpload({ ...operation, takes }, served)
  return answers === undefined ? serve(operation, served) : serveDownload(operation, served)
}

function serve(operation: NamedOperation, { runtime, answerMs, uploads }: Served): RequestHandler {
  const readBody = bodyReader(operation.bodyLimitBytes ?? LIMITS.requestBytes, uploads)
  const needsSecretKey = !takesPublicKey(operation)
  return async (req, res) => {
    recordOf(res).operation = operation.name
    const actorNow = () => inTime(answerMs, actorOf(runtime, { req, res }, needsSecretKey))
    let actor = await actorNow()
    const askedAt = performance.now()
    // Before the body is read: nobody gets to fill memory with what they may not send.
    requireScope(actor, operation)
    const fields = operation.rest.method === 'GET' ? queryOf(req) : await readBody(req, res)
    // A body may take its time, and the key may have been revoked meanwhile.
    if (performance.now() - askedAt > KEY_GOOD_FOR_MS) actor = await actorNow()
    const input = typeof fields === 'object' && !Array.isArray(fields) ? { ...fields, ...req.params } : fields
    const context = contextOf(runtime, actor, { req, res })
    const output = await inTime(answerMs, invoke(context, [operation.noun, operation.verb], input))
    res.status(operation.rest.status ?? 200)
    if (operation.rest.status === 204) res.end()
    else res.json(answerOf(operation, output as object, req.path)) // Safe because outputs are objects.
  }
}

/**
 * `/v1/contacts/bulk-delete` before `/v1/contacts/:id`, which would fit as well, and `/v1/events/:name/usage` before
 * `/v1/events/contact/:contactId`: an event can be named `contact`, and no contact has the id `usage`.
 */
function operationsByPath(): [path: string, operations: NamedOperation[]][] {
  const precedence = (path: string) => Number(!path.includes('{')) * 2 + Number(!path.endsWith('}'))
  const byPath = new Map<string, NamedOperation[]>()
  for (const operation of operationList) {
    for (const path of [operation.rest.path, ...(operation.rest.aliases ?? [])]) {
      byPath.set(path, [...(byPath.get(path) ?? []), operation])
    }
  }
  return [...byPath]
    .toSorted(([a], [b]) => precedence(b) - precedence(a))
    .map(([path, operations]) => [routePath(path), operations])
}
