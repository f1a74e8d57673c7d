import { passkey } from '@better-auth/passkey'
import { IDLE_SECONDS, LIFE_SECONDS, newId, type Runtime } from '@posthorn/services'
import { betterAuth } from 'better-auth/minimal'
import { twoFactor } from 'better-auth/plugins'
import { cookieNames } from './cookies.ts'
import { withPasskeyRemoval } from './endpoints/delete-passkey.ts'
import { gate } from './gate.ts'
import type { Mails } from './mails.ts'
import { RENEWS_SESSION } from './paths.ts'
import { posthornPlugin } from './plugin.ts'
import { ADDRESS_HEADER } from './transport.ts'
import { hashPassword, PASSWORD_LENGTH, verifyPassword } from './passwords.ts'
import { oidcPlugins, socialProviders, type Providers } from './providers.ts'
import { refused } from './refusals.ts'
import { NAMES, PASSKEY_NAMES, TWO_FACTOR_NAMES } from './schema.ts'
import { authStorage } from './storage.ts'
import { endFormerSession } from './former-session.ts'
import { afterNewAccount } from './new-account.ts'
import { tellOfLink } from './tell-of-link.ts'

export interface AuthOptions {
  runtime: Runtime
  mails: Mails
  /** Signs cookies and seals second factors. */
  secret: string
  providers: Providers
  /** Runs work that no answer waits for. */
  inBackground(work: () => Promise<unknown>): void
  onFault(error: unknown): void
}

const USER_AGENT_LENGTH = 500
/** UTF-16 units, of which a character has two at most. */
const LONGEST = PASSWORD_LENGTH.max * 2

/** Better-auth, set up so that each rule of ours holds whichever way somebody comes in. */
export function createAuth({ runtime, mails, secret, providers, inBackground, onFault }: AuthOptions) {
  const { db, publicUrl } = runtime
  const cookies = cookieNames(publicUrl)
  const onError = (details: unknown[]) => {
    for (const detail of details) if (detail instanceof Error && !isMadeUpReturn(detail)) onFault(detail)
  }
  const second = twoFactor({
    issuer: 'Posthorn',
    schema: TWO_FACTOR_NAMES,
    // Who has no password has shown lately who they are, as `requireProof` sees to.
    allowPasswordless: true,
    // `limitTries` counts them, as it does all tries.
    accountLockout: { enabled: false },
  })
  return betterAuth({
    ...NAMES,
    appName: 'Posthorn',
    baseURL: `${publicUrl}/auth`,
    secret,
    database: authStorage(db),
    telemetry: { enabled: false },
    trustedOrigins: [publicUrl],
    // Refusals are part of the day; the library prints them at other levels than this one. What is left are faults.
    logger: { level: 'info', log: (level, _message, ...details) => level === 'error' && onError(details) },
    onAPIError: { errorURL: `${publicUrl}/sign-in` },
    // Ours counts per account too, and lets nobody be shut out by others.
    rateLimit: { enabled: false },
    advanced: {
      // The library’s own way with UUIDs refuses those of version 7.
      database: { generateId: () => newId() },
      cookiePrefix: cookies.prefix,
      // The library would put __Secure- in front.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: cookies.isSecure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // `isSameOrigin` has looked at every request, with or without a cookie.
      disableCSRFCheck: true,
      // What the library does by itself, except where it takes the environment for that of a test.
      disableOriginCheck: false,
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: LONGEST,
      password: { hash: hashPassword, verify: verifyPassword },
      revokeSessionsOnPasswordReset: true,
      // A route of the plugin sends the mail, so that no answer waits for it.
      sendResetPassword: () => Promise.reject(new Error('the reset is answered elsewhere')),
      onPasswordReset: ({ user }) => mails.passwordChanged(user),
    },
    session: {
      ...NAMES.session,
      expiresIn: LIFE_SECONDS,
      // `callerOfSession` notes the use; the library would do it on a GET.
      disableSessionRefresh: true,
      freshAge: 0,
    },
    verification: { ...NAMES.verification, storeIdentifier: 'hashed' },
    account: {
      ...NAMES.account,
      encryptOAuthTokens: true,
      updateAccountOnSignIn: false,
      // Who links a provider by hand has shown who they are on both sides.
      accountLinking: { allowDifferentEmails: true },
    },
    socialProviders: socialProviders(providers),
    plugins: [
      second,
      withPasskeyRemoval(
        runtime,
        passkey({
          rpName: 'Posthorn',
          origin: new URL(publicUrl).origin,
          schema: PASSKEY_NAMES,
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
          registration: {
            afterVerification: ({ verification }) => requireVerified(verification.registrationInfo?.userVerified),
          },
          authentication: {
            afterVerification: ({ verification }) => requireVerified(verification.authenticationInfo.userVerified),
          },
        }),
      ),
      ...oidcPlugins(providers),
      // Safe because the plugin has this one hook, which asks for the second factor.
      posthornPlugin({ runtime, mails, inBackground, askSecondFactor: second.hooks.after[0]!.handler }),
    ],
    databaseHooks: {
      user: { create: { before: gate(runtime), after: afterNewAccount({ runtime, mails, inBackground }) } },
      account: { create: { after: tellOfLink({ runtime, mails, inBackground }) } },
      session: {
        create: {
          before: ({ expiresAt, userAgent, userId }, context) => {
            const idle = new Date(Date.now() + IDLE_SECONDS * 1000)
            const current = RENEWS_SESSION.has(context?.path ?? '') ? context?.context.session?.session : undefined
            const bounds = {
              expiresAt: expiresAt < idle ? expiresAt : idle,
              userAgent: userAgent?.slice(0, USER_AGENT_LENGTH),
              ...(current?.userId === userId && { provenAt: current['provenAt'] }),
            }
            return Promise.resolve({ data: bounds })
          },
          after: endFormerSession,
        },
      },
    },
  })
}

const RETURNS_OF_NOBODY = new Set(['state_not_found', 'state_mismatch', 'state_security_mismatch', 'state_invalid'])

/** Anybody can open the address at which people come back from a provider; the library calls that an error. */
const isMadeUpReturn = (error: Error): boolean => 'code' in error && RETURNS_OF_NOBODY.has(String(error.code))

/** A passkey stands for both factors only where it has asked for a finger, a face or a PIN. */
function requireVerified(isVerified: boolean | undefined): void {
  if (isVerified !== true) throw refused('NOT_VERIFIED', 'This passkey does not check who uses it.', 'UNAUTHORIZED')
}

export type Auth = ReturnType<typeof createAuth>
