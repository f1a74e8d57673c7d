import type { NamedOperation, Taken } from '@posthorn/contracts'
import { fieldRefusal, invoke, KEY_GOOD_FOR_MS, requireScope, type ReceivedBody } from '@posthorn/services'
import type { RequestHandler } from 'express'
import { answerOf } from './answers.ts'
import { receiveBody } from './raw-bodies.ts'
import { actorOfStream, contextOf, inTime, recordOf, takesPublicKey, type StreamServed } from './requests.ts'
import { queryOf } from './queries.ts'

/** Answers an operation that takes its body as it comes. How long that may take is not bounded, but how long it may rest. */
export function serveUpload(operation: NamedOperation & { takes: Taken }, served: StreamServed): RequestHandler {
  const { runtime, answerMs, idleMs } = served
  return async (req, res) => {
    recordOf(res).operation = operation.name
    const actorNow = () => inTime(answerMs, actorOfStream(served, { req, res }, !takesPublicKey(operation)))
    const actor = await actorNow()
    requireScope(actor, operation)
    const askedAt = performance.now()
    // It takes its time, and the key may have been revoked meanwhile.
    const renew = async () => {
      if (performance.now() - askedAt > KEY_GOOD_FOR_MS) requireScope(await actorNow(), operation)
    }
    const { fields, ...received } = await receiveBody(operation.takes, { req, res, idleMs })
    const body = { ...received, chunks: followedBy(received.chunks, renew) }
    const context = { ...contextOf(runtime, actor, { req, res }), body }
    // Whose call it is was read before.
    const { projectId: _, ...query } = queryOf(req)
    const input = { ...query, ...ofForm(fields, query), ...req.params }
    const output = await invoke(context, [operation.noun, operation.verb], input)
    res.status(operation.rest.status ?? 200).json(answerOf(operation, output as object, req.path)) // Safe because outputs are objects.
  }
}

/** What stands in the form beside the file, for the query, which must not say it too. */
function ofForm(fields: ReadonlyMap<string, string>, query: Record<string, unknown>): Record<string, string> {
  const twice = [...fields.keys()].find((name) => Object.hasOwn(query, name))
  if (twice !== undefined) throw fieldRefusal(twice, 'This is given in the query of the URL and in the form.')
  return Object.fromEntries(fields)
}

async function* followedBy(chunks: ReceivedBody['chunks'], then: () => Promise<void>): ReceivedBody['chunks'] {
  yield* chunks
  await then()
}
