import { isUtf8 } from 'node:buffer'
import { ApiError } from '@posthorn/services'
import { raw, type Request, type RequestHandler, type Response } from 'express'
import { WORDS } from './answers.ts'
import { isObject, notAnObject } from './bodies.ts'
import { readInexact } from './exact-numbers.ts'

const TYPE = 'text/plain'

/** What browsers let a page that is being left hand over. */
export const BEACON_BYTES = 64 * 1024

const readBytes = raw({ type: TYPE, limit: BEACON_BYTES, inflate: false })

/**
 * Makes the call that it stands for of what `navigator.sendBeacon` sends, which can carry no headers and asks nobody
 * beforehand: JSON as plain text, with the public key as `key` in it.
 */
export const unwrapBeacon: RequestHandler = async (req, res, next) => {
  if (req.headers.authorization !== undefined || !req.is(TYPE)) return next()
  const { key, ...fields } = parse(await bytesOf(req, res))
  req.headers.authorization = `Bearer ${requirePublic(key)}`
  // The body is read, and is what it would have been as JSON.
  req.headers['content-type'] = 'application/json'
  req.body = fields
  next()
}

const bytesOf = (req: Request, res: Response) =>
  new Promise<unknown>((resolve, reject) => {
    readBytes(req, res, (error?: unknown) => (error === undefined ? resolve(req.body) : reject(error)))
  })

function parse(bytes: unknown): Record<string, unknown> {
  const value = readJson(bytes)
  if (isObject(value)) return value
  throw notAnObject()
}

function readJson(bytes: unknown): unknown {
  try {
    if (!Buffer.isBuffer(bytes) || !isUtf8(bytes)) throw new Error('not UTF-8')
    const inexact = readInexact(bytes)
    return inexact === undefined ? JSON.parse(bytes.toString()) : inexact.value
  } catch (error) {
    throw new ApiError('INVALID_REQUEST_BODY', WORDS.INVALID_REQUEST_BODY, { cause: error })
  }
}

function requirePublic(key: unknown): string {
  if (typeof key === 'string' && key.startsWith('pk_')) return key
  throw new ApiError('MISSING_AUTH', 'What comes as plain text carries a public key (pk_…) as `key`, and no other.', {
    suggestion: 'Put the public key into the body; a secret key belongs on a server, in the Authorization header.',
  })
}
