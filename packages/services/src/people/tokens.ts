import { createHash, randomBytes } from 'node:crypto'

const TOKEN_BYTES = 32

/** The secret part of a link that we mail or print: 256 random bits. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url')

/** What is kept of a token. A fast hash is right for a secret that cannot be guessed. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/**
 * A page of the dashboard with a token for it. It stands behind the `#`, which browsers neither send to servers nor
 * pass on in `Referer`.
 */
export function linkTo(publicUrl: string, page: string, token: string): string {
  return `${publicUrl}/${page}#token=${token}`
}
