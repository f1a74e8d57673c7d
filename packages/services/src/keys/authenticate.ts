import { KEY_SCOPES } from '@posthorn/contracts'
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'
import type { Actor } from '../context.ts'
import { ApiError, isUnavailable } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import { hashKey, isKey } from './format.ts'

export interface Credentials {
  /** The `Authorization` header. */
  authorization: string | undefined
  ip: string | undefined
  /** Whether no other kind of key would do, which a refusal then says. */
  needsSecretKey?: boolean
  /** Told whose the key is before it is looked at whether it is good, so that refusals are known to its project. */
  onKnown?: (key: { id: string; projectId: string }) => void
}

/**
 * A look-up of a key that is older than this, in milliseconds, is made again before anything is done with it; and who
 * ends a key waits for as long again, so that what was let in before has been answered.
 */
export const KEY_GOOD_FOR_MS = 50

/** Where IPv4 begins in an IPv6 address that maps it (RFC 4291, section 2.5.5.2). */
const MAPPED_BITS = 96

const DEFAULT_SCOPES = { public: new Set(KEY_SCOPES.public), secret: new Set(KEY_SCOPES.secret) }

const HOW_TO = 'Send `Authorization: Bearer YOUR_KEY`.'

/** Turns credentials into the actor they stand for. Wrong, unknown, revoked and expired keys are refused alike. */
export async function authenticate(
  runtime: Runtime,
  { authorization, ip, needsSecretKey = false, onKnown }: Credentials,
): Promise<Actor> {
  const token = bearerToken(authorization)
  if (!isKey(token)) throw invalidKey(token, needsSecretKey)
  const key = await runtime.findKey(hashKey(token)).catch((error: unknown) => {
    throw isUnavailable(error)
      ? new ApiError('SERVICE_UNAVAILABLE', 'The database cannot be reached at the moment.', {
          cause: error,
        })
      : error
  })
  if (key?.projectLives) onKnown?.(key)
  if (key === undefined || !key.live) throw invalidKey(token, needsSecretKey)
  if (key.allowedIps.length > 0 && !isAllowed(key.allowedIps, ip)) {
    throw new ApiError('ADDRESS_NOT_ALLOWED', `This key may not be used from ${ip ?? 'an unknown address'}.`)
  }
  runtime.keyUsage.note(key.id, ip)
  return {
    kind: 'key',
    projectId: key.projectId,
    keyId: key.id,
    keyKind: key.kind,
    keyName: key.name,
    scopes: key.scopes === null ? DEFAULT_SCOPES[key.kind] : new Set(key.scopes),
    sender: key.sender,
    browserFields: key.browserFields,
  }
}

export const missingKey = () =>
  new ApiError('MISSING_AUTH', 'The Authorization header is missing.', { suggestion: HOW_TO })

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') throw missingKey()
  const [scheme, token, ...rest] = authorization.split(' ')
  if (scheme === 'Bearer' && token !== undefined && token !== '' && rest.length === 0) return token
  throw new ApiError('MISSING_AUTH', 'The Authorization header is not of the form `Bearer KEY`.', {
    suggestion: HOW_TO,
  })
}

function invalidKey(token: string, needsSecretKey: boolean): ApiError {
  const isPublic = token.startsWith('pk_')
  if (isPublic && needsSecretKey) return needsSecret()
  const kind = isPublic ? 'public key (pk_…)' : 'secret key (sk_…)'
  return new ApiError(
    'INVALID_API_KEY',
    needsSecretKey ? `This needs a valid ${kind}.` : `This is not a valid ${kind}.`,
    {
      suggestion: 'Check that the key is complete and was not revoked or replaced.',
    },
  )
}

/** The refusal of a public key, known or not, where only a secret key will do. */
export const needsSecret = (): ApiError =>
  new ApiError('INVALID_API_KEY', 'This needs a secret key (sk_…); a public key (pk_…) can only report events.', {
    suggestion: 'Call it from your server, with a secret key.',
  })

function isAllowed(allowed: readonly string[], ip: string | undefined): boolean {
  if (ip === undefined || !ipaddr.isValid(ip)) return false
  // `process` unwraps IPv4 in IPv6, which is how a dual-stack socket reports it.
  const address = ipaddr.process(ip)
  return allowed.some((entry) => {
    const [network, bits] = networkOf(entry)
    return network.kind() === address.kind() && address.match(network, bits)
  })
}

function networkOf(entry: string): [IPv4 | IPv6, number] {
  const [network, bits] = ipaddr.parseCIDR(entry.includes('/') ? entry : `${entry}/${entry.includes(':') ? 128 : 32}`)
  return network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= MAPPED_BITS
    ? [network.toIPv4Address(), bits - MAPPED_BITS]
    : [network, bits]
}
