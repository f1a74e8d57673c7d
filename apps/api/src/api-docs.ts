import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Router, type RequestHandler } from 'express'
import { refuseMethod } from './methods.ts'
import { recordOf } from './requests.ts'

// Its exports name modules for bundlers; what browsers take as it is lies beside them.
const PACKAGE = join(fileURLToPath(import.meta.resolve('@scalar/api-reference')), '../..')
const BUNDLE = join(PACKAGE, 'dist/browser')
const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }

/** The version is in the address, so that what is there never changes. */
const BUNDLE_PATH = `/docs/${version}`

const NONCE_BYTES = 18

/** Nothing is asked of another origin: no fonts, no proxy for requests, no assistant, no counting of visits. */
const CONFIGURATION = {
  url: '/v1/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  persistAuth: false,
  defaultOpenAllTags: false,
  metaData: { title: 'Posthorn API' },
}

// The bundle makes some of its styles without the nonce that it is given, so each gets it as it is made.
const START = `const { content: nonce } = document.querySelector('meta[property=csp-nonce]')
const make = document.createElement.bind(document)
document.createElement = (name, options) => {
  const made = make(name, options)
  if (name === 'style') made.nonce = nonce
  return made
}
const { createApiReference } = await import('${BUNDLE_PATH}/standalone.esm.js')
createApiReference('#reference', ${JSON.stringify(CONFIGURATION)})
`

const page = (nonce: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta property="csp-nonce" content="${nonce}">
<title>Posthorn API</title>
<link rel="icon" href="data:,">
<div id="reference"></div>
<noscript><p>This page needs JavaScript. The same is at <a href="/v1/openapi.json">/v1/openapi.json</a>.</p></noscript>
<script type="module" src="/docs/start.js"></script>
</html>
`

const contentPolicy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** The reference of the API at /docs, made in the browser of the OpenAPI document. */
export function apiDocs(): Router {
  const router = Router({ caseSensitive: true })
  const answers: Record<string, RequestHandler> = {
    '/docs': servePage,
    '/docs/start.js': (_req, res) => void res.set('Cache-Control', 'no-cache').type('text/javascript').send(START),
    [`${BUNDLE_PATH}/*file`]: bundleFiles(),
  }
  for (const [path, answer] of Object.entries(answers)) {
    router
      .route(path)
      .get((req, res, next) => {
        recordOf(res).operation = 'api docs'
        res.set('Cross-Origin-Resource-Policy', 'same-origin')
        return answer(req, res, next)
      })
      .all(refuseMethod(['GET']))
  }
  return router
}

const servePage: RequestHandler = (_req, res) => {
  const nonce = randomBytes(NONCE_BYTES).toString('base64')
  res.set({
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': contentPolicy(nonce),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  })
  res.type('html').send(page(nonce))
}

/** The scripts of the bundle and nothing else of it, each compressed when it is first asked for. */
function bundleFiles(): RequestHandler {
  const names = readdirSync(BUNDLE, { recursive: true, encoding: 'utf8' })
  const known = new Map(
    names.filter((name) => name.endsWith('.js')).map((name) => [`${BUNDLE_PATH}/${name.replaceAll(sep, '/')}`, name]),
  )
  const compressed = new Map<string, Promise<Buffer>>()
  const compress = async (name: string) => promisify(gzip)(await readFile(join(BUNDLE, name)))
  return async (req, res, next) => {
    const name = known.get(req.path)
    if (name === undefined) return next('route')
    res.set('Cache-Control', 'public, max-age=31536000, immutable').vary('Accept-Encoding').type('text/javascript')
    if (!req.acceptsEncodings('gzip')) return void res.send(await readFile(join(BUNDLE, name)))
    const body = compressed.get(name) ?? compress(name)
    compressed.set(name, body)
    res.set('Content-Encoding', 'gzip').send(await body)
  }
}
