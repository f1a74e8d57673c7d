import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]
type Answer = Record<string, unknown>

/** The token of a session is in the cookie, which scripts cannot read; the library would put it into answers as well. */
export const hideTokens: AfterHook = {
  matcher: () => true,
  handler: createAuthMiddleware(({ context: { returned } }) => Promise.resolve(shownOf(returned))),
}

/** An answer without the tokens in it; undefined where there are none. */
function shownOf(returned: unknown): Answer | undefined {
  if (!isAnswer(returned) || isAPIError(returned)) return undefined
  const { session } = returned
  if (!('token' in returned) && !isAnswer(session)) return undefined
  const shown = withoutToken(returned)
  return isAnswer(session) ? { ...shown, session: withoutToken(session) } : shown
}

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Response)

const withoutToken = (answer: Answer): Answer =>
  Object.fromEntries(Object.entries(answer).filter(([name]) => name !== 'token'))
