/**
 * All that answers under /auth. The library has more, such as a way to read one’s session with a GET that writes, or to
 * change an address by a link that works twice; what is not here does not exist.
 */
const OPEN: Record<string, readonly string[]> = {
  POST: [
    '/sign-up/email',
    '/sign-in/email',
    '/sign-in/social',
    '/link-social',
    '/sign-out',
    '/request-password-reset',
    '/reset-password',
    '/change-password',
    '/set-password',
    '/change-address',
    '/confirm-address',
    '/update-user',
    '/prove',
    '/two-factor/enable',
    '/two-factor/disable',
    '/two-factor/verify-totp',
    '/two-factor/verify-backup-code',
    '/two-factor/generate-backup-codes',
    '/passkey/verify-registration',
    '/passkey/verify-authentication',
    '/passkey/delete-passkey',
    '/passkey/update-passkey',
  ],
  // These two hand out a challenge, and the last one comes back from a provider.
  GET: ['/passkey/generate-register-options', '/passkey/generate-authenticate-options', '/passkey/list-user-passkeys'],
}

const CALLBACK = '/callback/'

/** Whether something is there; people come back from those providers alone that the instance has set up. */
export function isOpen(method: string, path: string, providers: readonly string[]): boolean {
  if (OPEN[method]?.includes(path) === true) return true
  return method === 'GET' && path.startsWith(CALLBACK) && providers.includes(path.slice(CALLBACK.length))
}

/** What asks for a recent proof that the right person sits there. */
export const NEEDS_PROOF: ReadonlySet<string> = new Set([
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
  '/passkey/generate-register-options',
  '/passkey/verify-registration',
  '/passkey/delete-passkey',
  '/change-address',
  '/change-password',
  '/set-password',
  '/link-social',
])

/** What puts a new session in the place of the one that asks. It has shown no more than that one had. */
export const RENEWS_SESSION: ReadonlySet<string> = new Set([
  '/change-password',
  '/set-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/verify-totp',
])
