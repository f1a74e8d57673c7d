import { GRANTABLE_SCOPES, type NamedOperation } from '@posthorn/contracts'
import type { Actor } from './context.ts'
import { ApiError } from './errors.ts'
import { needsSecret } from './keys/authenticate.ts'
import { roleTooLow } from './people/refusals.ts'

/** Refuses an actor that may not do this, in the words that fit why. */
export function requireScope(actor: Actor, operation: Pick<NamedOperation, 'scope'>): void {
  if (actor.scopes.has(operation.scope)) return
  if (actor.kind === 'user') throw roleTooLow(operation.scope)
  if (actor.kind === 'key' && !GRANTABLE_SCOPES[actor.keyKind].includes(operation.scope)) {
    throw needsSecret()
  }
  throw new ApiError('INSUFFICIENT_SCOPE', `This key was not given the scope ${operation.scope}.`, {
    suggestion: 'Use a key that holds the scope, or have one made.',
  })
}
