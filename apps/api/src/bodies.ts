import { isUtf8 } from 'node:buffer'
import { ApiError } from '@posthorn/services'
import { json, type Request, type Response } from 'express'
import { PAYLOAD_TOO_LARGE_WORDS } from './answers.ts'

const TYPES = ['application/json', 'application/*+json']

/** Reads bodies of JSON up to a size. Answers an empty object where there is no body. */
export function bodyReader(limit: number): (req: Request, res: Response) => Promise<unknown> {
  const parse = json({ limit, type: TYPES, verify: (_req, _res, bytes) => requireUtf8(bytes) })
  return (req, res) =>
    new Promise((resolve, reject) => {
      const length = Number(req.headers['content-length'] ?? 0)
      if (req.headers['transfer-encoding'] === undefined && length === 0) return resolve({})
      if (!isJsonInUtf8(req)) {
        return reject(
          new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON in UTF-8.', {
            suggestion: 'Send `Content-Type: application/json`.',
          }),
        )
      }
      const refuse = () => reject(new ApiError('PAYLOAD_TOO_LARGE', PAYLOAD_TOO_LARGE_WORDS))
      if (length > limit) return refuse()
      // The parser would read a body that is too large to its end before it says so.
      let received = 0
      req.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received > limit) refuse()
      })
      parse(req, res, (error?: unknown) => (error === undefined ? resolve(req.body) : reject(error)))
    })
}

function isJsonInUtf8(req: Request): boolean {
  if (!req.is(TYPES)) return false
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(req.headers['content-type'] ?? '')?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

/** Decoding would put replacement characters in place of what is not UTF-8, and nobody would notice. */
function requireUtf8(bytes: Uint8Array): void {
  if (!isUtf8(bytes)) throw new Error('not UTF-8')
}
