import { refused } from './refusals.ts'

/** How long a link that we mail works. */
export const LINK_MS = 3_600_000

/** An account that somebody asked for. There is none before its address is proven, so none can be in anybody’s way. */
export interface PendingSignUp {
  name: string
  email: string
  passwordHash: string
}

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

export const linkGone = () => refused('INVALID_TOKEN', 'This link was used before or has expired: ask for a new one.')
