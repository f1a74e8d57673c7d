import { createHash } from 'node:crypto'
import { newToken } from '@posthorn/services'
import type { GenericEndpointContext } from 'better-auth'
import type { Mails } from './mails.ts'
import { refused } from './refusals.ts'

/** How long a link that we mail works. */
export const LINK_MS = 3_600_000

/** An account that somebody asked for. There is none before its address is proven, so none can be in anybody’s way. */
export interface PendingSignUp {
  name: string
  email: string
  passwordHash: string
}

/** From an address to another, or to itself where it is only confirmed. */
export interface PendingChange {
  userId: string
  from: string
  to: string
}

/** Each link is good for its own purpose alone. */
export const LINK_IDS = {
  signUp: (token: string) => `sign-up:${token}`,
  change: (token: string) => `change-address:${token}`,
  /** As the library itself looks for it. */
  reset: (token: string) => `reset-password:${token}`,
}

/** What the library keeps of such an id (`storeIdentifier: 'hashed'`). */
export const storedLinkId = (id: string): string => createHash('sha256').update(id).digest('base64url')

export const linkGone = () => refused('INVALID_TOKEN', 'This link was used before or has expired: ask for a new one.')

/** Mails somebody the link that shows that the address of their account is theirs. */
export async function mailOwnLink(
  { context: { internalAdapter } }: GenericEndpointContext,
  mails: Mails,
  { id, email, name }: { id: string; email: string; name: string },
): Promise<void> {
  const token = newToken()
  await internalAdapter.createVerificationValue({
    identifier: LINK_IDS.change(token),
    value: JSON.stringify({ userId: id, from: email, to: email } satisfies PendingChange),
    expiresAt: new Date(Date.now() + LINK_MS),
  })
  await mails.confirmOwnAddress({ email, name }, token)
}
