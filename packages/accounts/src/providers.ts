import { genericOAuth } from 'better-auth/plugins'
import type { BetterAuthOptions } from 'better-auth'

export interface ProviderCredentials {
  clientId: string
  clientSecret: string
}

/** Where else people can sign in. */
export interface Providers {
  github?: ProviderCredentials | undefined
  google?: ProviderCredentials | undefined
  /** Any provider of OpenID Connect, found by its issuer. */
  oidc?: (ProviderCredentials & { issuer: string; name: string }) | undefined
}

/** What the sign-in page shows of them. */
export function providerList({ github, google, oidc }: Providers): { id: string; name: string }[] {
  return [
    ...(github === undefined ? [] : [{ id: 'github', name: 'GitHub' }]),
    ...(google === undefined ? [] : [{ id: 'google', name: 'Google' }]),
    ...(oidc === undefined ? [] : [{ id: 'oidc', name: oidc.name }]),
  ]
}

export function socialProviders({ github, google }: Providers): NonNullable<BetterAuthOptions['socialProviders']> {
  return { ...(github && { github }), ...(google && { google }) }
}

export const oidcPlugins = ({ oidc }: Providers) =>
  oidc === undefined
    ? []
    : [
        genericOAuth({
          config: [
            {
              providerId: 'oidc',
              name: oidc.name,
              discoveryUrl: `${oidc.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
              clientId: oidc.clientId,
              clientSecret: oidc.clientSecret,
              scopes: ['openid', 'email', 'profile'],
              pkce: true,
            },
          ],
        }),
      ]
