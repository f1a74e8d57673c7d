import type { RequestHandler } from 'express'

const YEAR_SECONDS = 31_536_000

/** What every answer says about how it travels: over TLS from now on (RFC 6797), and no address goes along to others. */
export function secureTransport(publicUrl: string): RequestHandler {
  const isSecure = publicUrl.startsWith('https:')
  return (_req, res, next) => {
    res.setHeader('Referrer-Policy', 'no-referrer')
    if (isSecure) res.setHeader('Strict-Transport-Security', `max-age=${YEAR_SECONDS}`)
    next()
  }
}
