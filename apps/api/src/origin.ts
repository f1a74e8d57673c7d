import type { Request } from 'express'

const isRead = (req: Request) => req.method === 'GET' || req.method === 'HEAD'

/**
 * Whether a page of ours makes this request, as browsers say. A page of another site can make a browser send cookies
 * along, but it cannot change what the browser says of where it came from.
 *
 * Browsers leave `Origin` out of reads of their own site, and `Sec-Fetch-Site` where there is no TLS; a write says at
 * least one of the two.
 */
export function isSameOrigin(req: Request, publicUrl: string): boolean {
  const site = req.get('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && !(site === 'none' && isRead(req))) return false
  const origin = req.get('origin')
  if (origin === undefined) return isRead(req) || site === 'same-origin'
  return isOurs(origin, req.headers.host, publicUrl)
}

/** Whether a request that carries no cookie may come from where it does. Programs say nothing of it. */
export const isForeign = (req: Request, publicUrl: string): boolean =>
  (req.get('origin') !== undefined || req.get('sec-fetch-site') !== undefined) && !isSameOrigin(req, publicUrl)

/** The page may have been opened under another name of this host, such as its address; cookies are bound to each. */
function isOurs(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (origin === new URL(publicUrl).origin) return true
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}
