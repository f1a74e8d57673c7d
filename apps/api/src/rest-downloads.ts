import type { NamedOperation } from '@posthorn/contracts'
import { invoke, KEY_GOOD_FOR_MS, requireScope, type Download } from '@posthorn/services'
import type { Request, RequestHandler, Response } from 'express'
import { queryOf } from './queries.ts'
import { actorOfStream, contextOf, inTime, recordOf, takesPublicKey, type StreamServed } from './requests.ts'

/**
 * Answers an operation with the file that it makes. How long that takes is up to the client, but not for how long it may
 * take nothing; and what may no longer be read, as when the key was revoked meanwhile, ends at once.
 */
export function serveDownload(operation: NamedOperation, served: StreamServed): RequestHandler {
  const { runtime, answerMs, idleMs } = served
  return async (req, res) => {
    recordOf(res).operation = operation.name
    const actorNow = async () => {
      const actor = await inTime(answerMs, actorOfStream(served, { req, res }, !takesPublicKey(operation)))
      requireScope(actor, operation)
      return actor
    }
    const actor = await actorNow()
    let askedAt = performance.now()
    const renew = async () => {
      if (performance.now() - askedAt <= KEY_GOOD_FOR_MS) return
      await actorNow()
      askedAt = performance.now()
    }
    // Whose call it is was read before.
    const { projectId: _, ...query } = queryOf(req)
    const name = [operation.noun, operation.verb] as const
    const called = invoke(contextOf(runtime, actor, { req, res }), name, { ...query, ...req.params })
    // Safe because `invoke` makes a file of what such an operation reads.
    const file = (await inTime(answerMs, called)) as Download
    await sendFile(file, { req, res }, { next: (work) => inTime(answerMs, work), idleMs, renew })
  }
}

interface Terms {
  /** Waits for the next piece, in its time. */
  next: <T>(work: Promise<T>) => Promise<T>
  idleMs: number
  renew(): Promise<void>
}

/**
 * Writes as fast as the client takes it, and reads no further ahead than that. What fails before the first piece is
 * refused in words; later the answer breaks off, and never looks whole.
 */
export async function sendFile(
  { filename, type, pieces }: Download,
  { req, res }: { req: Request; res: Response },
  { next, idleMs, renew }: Terms,
): Promise<void> {
  const reading = pieces[Symbol.asyncIterator]()
  try {
    let piece = req.method === 'HEAD' ? undefined : await next(reading.next())
    res.status(200).set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${filename}"` })
    while (piece !== undefined && piece.done !== true && !res.closed) {
      for (const part of partsOf(piece.value)) if (!res.closed && !res.write(part)) await untilTaken(res, idleMs)
      if (res.closed) break
      await renew()
      piece = await next(reading.next())
    }
    res.end()
  } finally {
    await reading.return?.()
  }
}

/** Small enough that a client which takes anything at all is seen to take it. */
const PART_BYTES = 64 * 1024

function* partsOf(piece: string): Generator<Buffer> {
  const bytes = Buffer.from(piece)
  for (let at = 0; at < bytes.length; at += PART_BYTES) yield bytes.subarray(at, at + PART_BYTES)
}

/** Waits until the client has taken what was written, has gone away, or is given up. */
function untilTaken(res: Response, idleMs: number): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer)
      res.off('drain', over).off('close', over)
      resolve()
    }
    const timer = setTimeout(() => res.destroy(), idleMs)
    res.on('drain', over).on('close', over)
    if (res.closed) over()
  })
}
