import { isIP } from 'node:net'

/** What an SMTP URL says of a relay. */
export interface RelayUrl {
  /** Host and port, never a password. */
  name: string
  host: string
  port: number
  /** TLS from the first byte. */
  implicitTls: boolean
  tls: 'required' | 'opportunistic' | 'off'
  verifyCertificate: boolean
  auth: { user: string; pass: string } | undefined
  connections: number
  messagesPerConnection: number
  idleMs: number
  /** What we call ourselves in EHLO; left out, the name of this machine. */
  helloName: string | undefined
}

const PARAMETERS = new Set(['tls', 'verify', 'connections', 'messages', 'idle', 'name', 'plain-auth'])

/**
 * Reads `smtp://user:password@host:587` or `smtps://…`, with these parameters:
 * `tls` required, opportunistic or off · `verify` no: take any certificate · `connections` (10) ·
 * `messages` per connection (100) · `idle` seconds until a connection is closed (10) ·
 * `name` for EHLO · `plain-auth` yes: allow a password over an unencrypted connection.
 * Errors are one sentence and never repeat the URL, which may hold a password.
 */
export function parseRelayUrl(text: string): RelayUrl {
  if (!URL.canParse(text))
    throw new Error('An SMTP URL looks like smtp://user:password@host:587; a part of yours cannot be read.')
  const url = new URL(text)
  const implicitTls = url.protocol === 'smtps:'
  if (!implicitTls && url.protocol !== 'smtp:') throw new Error('An SMTP URL begins with smtp:// or smtps://.')
  const host = decoded(url.hostname).replace(/^\[|\]$/g, '')
  if (host === '' || /\s/.test(text)) throw new Error('The SMTP URL names no host.')
  if (host.includes(',')) throw new Error('Each of several SMTP URLs begins with smtp:// or smtps://.')
  const port = url.port === '' ? (implicitTls ? 465 : 587) : Number(url.port)
  const name = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  for (const key of url.searchParams.keys()) {
    if (!PARAMETERS.has(key))
      throw new Error(
        `The SMTP URL of ${name} has an unknown parameter "${key}"; known are ${[...PARAMETERS].join(', ')}.`,
      )
  }
  const auth = url.username === '' ? undefined : { user: decoded(url.username), pass: decoded(url.password) }
  const tls = tlsMode(url, { name, auth: auth !== undefined && !isLoopback(host) })
  const number = (key: string, fallback: number) =>
    positive(url.searchParams.get(key) ?? `${fallback}`, `${key} of ${name}`)
  return {
    name,
    host,
    port,
    implicitTls,
    tls,
    verifyCertificate: (implicitTls || tls === 'required') && url.searchParams.get('verify') !== 'no',
    auth,
    connections: number('connections', 10),
    messagesPerConnection: number('messages', 100),
    idleMs: number('idle', 10) * 1000,
    helloName: url.searchParams.get('name') ?? undefined,
  }
}

/** Several relays are written one after the other with commas; a comma in a password does not divide. */
export function splitRelayUrls(text: string): string[] {
  return text.split(/,(?=\s*smtps?:)/).map((url) => url.trim())
}

function tlsMode(url: URL, { name, auth }: { name: string; auth: boolean }): RelayUrl['tls'] {
  const mode = url.searchParams.get('tls') ?? (auth ? 'required' : 'opportunistic')
  if (mode !== 'required' && mode !== 'opportunistic' && mode !== 'off') {
    throw new Error(`tls of ${name} is required, opportunistic or off.`)
  }
  if (auth && mode !== 'required' && url.protocol !== 'smtps:' && url.searchParams.get('plain-auth') !== 'yes') {
    throw new Error(
      `tls=${mode} would send the password for ${name} unencrypted. Use tls=required, or add plain-auth=yes if that is meant.`,
    )
  }
  return mode
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Error('The SMTP URL has a % that encodes nothing; write it as %25.')
  }
}

function positive(text: string, what: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${what} is not a whole number above 0.`)
  return value
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
