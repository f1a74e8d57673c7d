import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import staticFiles from 'express-static-gzip'
import { recordOf } from './requests.ts'

export interface DashboardOptions {
  /** What the dashboard was built to. */
  folder: string
  /** How the outside reaches this server. */
  publicUrl: string
}

/** What belongs to programs, and is answered to browsers as to everybody. */
const NOT_PAGES = /^\/(?:v1|trpc|auth|health|ready|assets)(?:\/|$)/

const NONCE_PLACE = '%STYLE_NONCE%'
const NONCE_BYTES = 18

const NOT_BUILT = `<!doctype html><html lang="en"><title>Posthorn</title><h1>The dashboard is not built</h1>
<p>Build it with <code>pnpm build</code>, then load this page again. The API works without it.</p></html>`

/** The dashboard: its files, and its one page at every address that is not the API's. */
export function dashboard({ folder, publicUrl }: DashboardOptions): Router {
  const isSecure = publicUrl.startsWith('https:')
  const current = buildIn(folder)
  const page: RequestHandler = (req, res, next) => {
    if (!wantsPage(req)) return next()
    recordOf(res).operation = 'dashboard'
    const index = current()?.index
    if (index === undefined) {
      policy(res, "default-src 'none'; frame-ancestors 'none'")
      return void res.status(503).type('html').send(NOT_BUILT)
    }
    const nonce = randomBytes(NONCE_BYTES).toString('base64')
    policy(res, contentPolicy(nonce, isSecure))
    res.set('Cache-Control', 'no-cache').vary('Accept').type('html').send(index.replaceAll(NONCE_PLACE, nonce))
  }
  // Without a path of its own: Express would refuse addresses that cannot be decoded before the page is asked.
  return Router().use((req, res, next) => (current()?.serve ?? pass)(req, res, next), page)
}

const pass: RequestHandler = (_req, _res, next) => next()

interface Build {
  /** When it was finished. */
  at: number
  index: string
  serve: RequestHandler
}

/** What was built last. It can be built anew under a running server; the page is what changes last. */
function buildIn(folder: string): () => Build | undefined {
  const indexFile = join(folder, 'index.html')
  let build: Build | undefined
  return () => {
    const at = statSync(indexFile, { throwIfNoEntry: false })?.mtimeMs
    if (at === undefined) build = undefined
    else if (build?.at !== at) build = { at, index: readFileSync(indexFile, 'utf8'), serve: files(folder) }
    return build
  }
}

/** Browsers ask for HTML by name; programs that take anything get what the API says. */
function wantsPage(req: Request): boolean {
  const isRead = req.method === 'GET' || req.method === 'HEAD'
  return isRead && req.headers.accept?.includes('text/html') === true && !NOT_PAGES.test(req.path)
}

/** Names below /assets carry a hash of what is in the file, so they never change. */
function files(folder: string): RequestHandler {
  const known = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(addressOf).filter(isPublic))
  const serve = staticFiles(folder, {
    enableBrotli: true,
    orderPreference: ['br', 'gzip'],
    index: false,
    serveStatic: {
      index: false,
      cacheControl: false,
      setHeaders(res, path) {
        const isHashed = path.startsWith(join(folder, 'assets', sep))
        res.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        res.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
      },
    },
  })
  return (req, res, next) => {
    if (!known.has(req.path)) return next()
    recordOf(res).operation = 'dashboard file'
    serve(req, res, () => {
      // The file is gone since; what answers in its place is not compressed.
      res.removeHeader('Content-Encoding')
      next()
    })
  }
}

const addressOf = (file: string) => `/${file.replaceAll(sep, '/')}`

/** The page itself is answered with its nonce; compressed files are reached by the names of what is in them. */
const isPublic = (address: string) => !/^\/\.|\.(?:html|br|gz)$/.test(address)

/**
 * What the page may load and run (CSP 3). Attributes of style are let through for the mails that are shown in frames, which
 * inherit this policy and have one of their own; elements of style need the nonce even there. The app itself sets styles by
 * script, which no policy is asked about. Pictures from elsewhere are for those mails too, once the viewer has asked for
 * them.
 */
function contentPolicy(nonce: string, isSecure: boolean): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    `img-src 'self' data: https:${isSecure ? '' : ' http:'}`,
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function policy(res: Response, content: string): void {
  res.set({
    'Content-Security-Policy': content,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  })
}
