import { startOidcProvider as start, type OidcProvider } from '@posthorn/testkit/oidc-provider'
import { onTestFinished } from 'vitest'

export type { OidcProvider }

/** A small provider of OpenID Connect, until the test ends. */
export async function startOidcProvider(): Promise<OidcProvider> {
  const provider = await start()
  onTestFinished(() => provider.stop())
  return provider
}
