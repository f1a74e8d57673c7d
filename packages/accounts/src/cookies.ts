import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseCookies } from 'better-auth/cookies'

/** Browsers take a cookie so named from this very host alone, and over TLS alone (RFC 6265bis, section 4.1.3). */
const HOST_PREFIX = '__Host-'

export interface CookieNames {
  prefix: string
  session: string
  isSecure: boolean
}

/** A browser does not keep secure cookies of a host without TLS, so only there they go without. */
export function cookieNames(publicUrl: string): CookieNames {
  const isSecure = publicUrl.startsWith('https:')
  const prefix = isSecure ? `${HOST_PREFIX}posthorn` : 'posthorn'
  return { prefix, session: `${prefix}.session_token`, isSecure }
}

/** The token of a session cookie that we have signed; undefined where there is none. */
export function sessionTokenOf(cookieHeader: string | undefined, name: string, secret: string): string | undefined {
  if (cookieHeader === undefined) return undefined
  const value = parseCookies(cookieHeader).get(name)
  const dot = value?.lastIndexOf('.') ?? -1
  if (value === undefined || dot < 1) return undefined
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const expected = createHmac('sha256', secret).update(token).digest()
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined
}
