import { ADDRESS_HEADER, type Accounts } from '@posthorn/accounts'
import { ApiError } from '@posthorn/services'
import { Router, type Request, type Response } from 'express'
import { asRefusal, internalFault } from './answers.ts'
import { bodyReader } from './bodies.ts'
import { isForeign, isSameOrigin } from './origin.ts'
import { inTime, recordOf, type Served } from './requests.ts'

const BODY_BYTES = 64 * 1024

/** Signing up, signing in, and one’s own account, under /auth. */
export function accountRouter(accounts: Accounts, { runtime: { publicUrl }, answerMs, uploads }: Served): Router {
  const readBody = bodyReader(BODY_BYTES, uploads)
  const serve = async (req: Request, res: Response) => {
    requireOwnPage(req, publicUrl)
    const isRead = req.method === 'GET' || req.method === 'HEAD'
    const body = isRead ? undefined : JSON.stringify(await readBody(req, res))
    const search = req.url.slice(req.path.length)
    const request = new Request(`${publicUrl}/auth${req.path}${search}`, {
      method: req.method,
      headers: headersOf(req),
      ...(body !== undefined && { body }),
    })
    const answer = accounts.handle(request, req.path)
    if (answer === undefined) throw new ApiError('ROUTE_NOT_FOUND', 'Nothing lives at this address.')
    await pass(await inTime(answerMs, answer), res)
  }
  return Router().all('/*path', async (req, res) => {
    recordOf(res).operation = `auth ${req.path.split('/', 3).join('/')}`
    try {
      await serve(req, res)
    } catch (error) {
      const known = asRefusal(error)
      if (known === undefined) throw error
      refuse(res, known)
    }
  })
}

/** In the shape that the client of the account library reads. */
function refuse(res: Response, { code, message, status }: ApiError): void {
  recordOf(res).code = code
  res.status(status).json({ code, message })
}

/**
 * What changes something comes from a page of ours or from a program, never from another site: with cookies it would
 * act for whoever is signed in, and without it could sign somebody in who does not know.
 */
function requireOwnPage(req: Request, publicUrl: string): void {
  const isFine = req.headers.cookie === undefined ? !isForeign(req, publicUrl) : isSameOrigin(req, publicUrl)
  if (isFine || isReturnFromProvider(req)) return
  throw new ApiError('NOT_ALLOWED', 'This can be done from Posthorn’s own pages alone.')
}

/** Comes from another site by its nature, and is held by a state that only we and this browser know. */
const isReturnFromProvider = (req: Request) => req.method === 'GET' && req.path.startsWith('/callback/')

function headersOf(req: Request): Headers {
  const headers = new Headers()
  for (const name of ['cookie', 'user-agent', 'origin'] as const) {
    const value = req.get(name)
    if (value !== undefined) headers.set(name, value)
  }
  headers.set('content-type', 'application/json')
  if (req.ip !== undefined) headers.set(ADDRESS_HEADER, req.ip)
  return headers
}

async function pass(answer: globalThis.Response, res: Response): Promise<void> {
  // The library has told the log what it was, and leaves the body empty.
  if (answer.status >= 500) return refuse(res, internalFault())
  res.status(answer.status)
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') res.setHeader(name, value)
  for (const cookie of answer.headers.getSetCookie()) res.appendHeader('Set-Cookie', cookie)
  res.setHeader('Cache-Control', 'no-store')
  const body = Buffer.from(await answer.arrayBuffer())
  if (answer.status >= 400) recordOf(res).code = codeOf(body)
  res.end(body)
}

function codeOf(body: Buffer): string {
  const { code }: { code?: unknown } = JSON.parse(body.toString() || '{}')
  return typeof code === 'string' ? code : 'UNKNOWN'
}
