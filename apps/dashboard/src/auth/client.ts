import { passkeyClient } from '@better-auth/passkey/client'
import { twoFactorClient } from 'better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'

/** Sign-in, passwords, second factors and passkeys. Everything else about people is tRPC. */
export const auth = createAuthClient({
  basePath: '/auth',
  plugins: [twoFactorClient(), passkeyClient()],
})
