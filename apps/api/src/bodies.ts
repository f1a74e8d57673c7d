import { isUtf8 } from 'node:buffer'
import { ApiError, tooLarge } from '@posthorn/services'
import { json, type Request, type Response } from 'express'
import { WORDS } from './answers.ts'
import { readInexact } from './exact-numbers.ts'
import type { Reservation, Upload, UploadBudget } from './uploads.ts'

const TYPES = ['application/json', 'application/*+json']

/** Bodies up to this size are read without a reservation, so that they never wait behind large ones. */
export const SMALL_BODY_BYTES = 64 * 1024

/** Reads bodies of JSON up to a size: one object each. Answers an empty object where there is no body. */
export function bodyReader(limit: number, uploads: UploadBudget): (req: Request, res: Response) => Promise<unknown> {
  /** What was read otherwise than the parser does, which rounds. */
  const inexact = new WeakMap<object, unknown>()
  const verify = (req: object, _res: unknown, bytes: Buffer) => {
    requireUtf8(bytes)
    const found = readInexact(bytes)
    if (found !== undefined) inexact.set(req, found.value)
  }
  const parse = json({ limit, type: TYPES, strict: false, verify })
  const read = (req: Request, res: Response, onRead?: (received: number) => void) =>
    new Promise<unknown>((resolve, reject) => {
      // The parser would read a body that is too large to its end before it says so.
      let received = 0
      req.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received > limit) reject(tooLarge(limit))
      })
      parse(req, res, (error?: unknown) => {
        if (error !== undefined) return reject(bodyFault(error))
        onRead?.(received)
        const body: unknown = inexact.get(req) ?? req.body
        if (isObject(body)) resolve(body)
        else reject(notAnObject())
      })
    })
  return async (req, res) => {
    const bytes = announcedBytes(req, { limit })
    if (bytes === 0) return {}
    if (bytes <= SMALL_BODY_BYTES) return read(req, res)
    const room = await makeRoom(uploads, { bytes, limitBytes: limit }, { req, res })
    // A body that did not say how long it is was taken for the longest one.
    return read(req, res, (received) => isPacked(req) || room.shrinkTo(received))
  }
}

interface Bounds {
  /** The largest body that may be read. */
  limit: number
  /** The largest that could come of a body that does not say how long it is, where that is more. */
  unannounced?: number
}

/** How large the body can come to be: 0 where there is none. Refuses one that would not be read. */
export function announcedBytes(req: Request, { limit, unannounced = limit }: Bounds): number {
  const length = Number(req.headers['content-length'] ?? 0)
  const isChunked = req.headers['transfer-encoding'] !== undefined
  if (!isChunked && length === 0) return 0
  if (!isJsonInUtf8(req)) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', WORDS.UNSUPPORTED_MEDIA_TYPE, {
      suggestion: 'Send `Content-Type: application/json`.',
    })
  }
  if (length > limit) throw tooLarge(limit)
  const bytes = isChunked || isPacked(req) ? unannounced : length
  if (bytes > limit) throw tooLarge(limit)
  return bytes
}

/** Reserves memory for a body before it is read, until the request is over or its client has gone away. */
export function makeRoom(
  uploads: UploadBudget,
  upload: Upload,
  { req, res }: { req: Request; res: Response },
): Promise<Reservation> {
  const over = new AbortController()
  const { socket } = req
  const end = () => {
    res.off('close', end)
    socket.off('close', end)
    over.abort()
  }
  res.on('close', end)
  // An answer that stands behind another one on its connection is not told when the client goes away.
  socket.on('close', end)
  if (socket.destroyed || res.closed) end()
  return uploads.reserve(upload, over.signal)
}

/** What the parser complains of has a type, and what cannot be unpacked has none. */
function bodyFault(error: unknown): unknown {
  return error instanceof Error && 'type' in error && error.type !== undefined
    ? error
    : new ApiError('INVALID_REQUEST_BODY', 'The body is not packed as its Content-Encoding says.', { cause: error })
}

/** Whether JSON is one that has fields. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const notAnObject = () => new ApiError('INVALID_REQUEST_BODY', 'Expected a JSON object.')

const isPacked = ({ headers }: Request) => (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity'

function isJsonInUtf8(req: Request): boolean {
  if (!req.is(TYPES)) return false
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(req.headers['content-type'] ?? '')?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

/** Decoding would put replacement characters in place of what is not UTF-8, and nobody would notice. */
function requireUtf8(bytes: Buffer): void {
  if (!isUtf8(bytes)) throw new Error('not UTF-8')
}
