import { parseAddress } from '@posthorn/contracts'
import { provenUntil } from '@posthorn/services'
import { createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { nameProblem } from '../names.ts'
import { NEEDS_PROOF } from '../paths.ts'
import { passwordProblem } from '../passwords.ts'
import { passkeyNotFound, refused } from '../refusals.ts'

const NEEDS_EMAIL = new Set(['/sign-up/email', '/sign-in/email', '/request-password-reset'])

/** Matches the routes that a rule is about. */
export function on(...paths: string[]) {
  const set = new Set(paths)
  return (context: { path?: string | undefined }) => set.has(context.path ?? '')
}

/** Brings addresses and names into their one form, and drops what these routes could do beside their purpose. */
export const narrow = {
  matcher: on(
    '/sign-up/email',
    '/sign-in/email',
    '/request-password-reset',
    '/sign-in/social',
    '/link-social',
    '/update-user',
  ),
  handler: createAuthMiddleware(async (ctx) => {
    const body = ctx.body as Record<string, unknown>
    if (NEEDS_EMAIL.has(ctx.path)) {
      const parsed = parseAddress(typeof body['email'] === 'string' ? body['email'] : '')
      if (!parsed.ok) throw refused('INVALID_EMAIL', parsed.problem)
      body['email'] = parsed.value
    }
    if (body['name'] !== undefined || ctx.path === '/sign-up/email') body['name'] = nameOf(body['name'])
    if (body['image'] !== undefined) throw refused('NOT_POSSIBLE', 'Accounts have no picture.')
    if ((body['idToken'] ?? body['scopes'] ?? body['additionalParams']) !== undefined) {
      throw refused('NOT_POSSIBLE', 'Only the way through the provider’s own page is open.')
    }
  }),
}

function nameOf(given: unknown): string {
  const name = typeof given === 'string' ? given.trim() : ''
  const problem = nameProblem(name)
  if (problem !== undefined) throw refused('INVALID_NAME', problem)
  return name
}

/** The library would let a browser go without the second factor for a month. */
export const trustNoDevice = {
  matcher: on('/two-factor/verify-totp', '/two-factor/verify-backup-code'),
  handler: createAuthMiddleware(async (ctx) => {
    if (!(ctx.body as { trustDevice?: unknown }).trustDevice) return
    throw refused('NOT_POSSIBLE', 'The second factor is asked for at every sign-in.')
  }),
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The library hands ids on to the database as they come. */
export const checkIds = {
  matcher: on('/passkey/delete-passkey', '/passkey/update-passkey'),
  handler: createAuthMiddleware(async (ctx) => {
    const { id } = ctx.body as { id?: unknown }
    if (typeof id !== 'string' || !UUID.test(id)) throw passkeyNotFound()
  }),
}

/** What changes who can sign in asks for a proof, however long the session still lasts. */
export const requireProof = {
  matcher: ({ path }: { path?: string | undefined }) => NEEDS_PROOF.has(path ?? ''),
  handler: createAuthMiddleware(async (ctx) => {
    const found = await getSessionFromCtx(ctx)
    if (found === null) throw refused('SIGN_IN_NEEDED', 'Sign in to do this.', 'UNAUTHORIZED')
    const provenAt = new Date(found.session['provenAt'] as Date)
    if (provenUntil(provenAt).getTime() > Date.now()) return
    throw refused('PROOF_NEEDED', 'Confirm that it is you to go on.', 'FORBIDDEN')
  }),
}

export const checkPasswordRules = {
  matcher: on('/sign-up/email', '/reset-password', '/change-password', '/set-password'),
  handler: createAuthMiddleware(async (ctx) => {
    const { newPassword, password } = ctx.body as Record<string, unknown>
    const wanted = newPassword ?? password
    const problem = passwordProblem(typeof wanted === 'string' ? wanted : '')
    if (problem !== undefined) throw refused('PASSWORD_TOO_WEAK', problem)
  }),
}

/** A new password ends all other sessions, whatever the caller asked for. */
export const endOtherSessions = {
  matcher: on('/change-password'),
  handler: createAuthMiddleware(async (ctx) => {
    ;(ctx.body as Record<string, unknown>)['revokeOtherSessions'] = true
  }),
}
