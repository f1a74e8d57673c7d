import { parseAddress } from '@posthorn/contracts'
import { admit, newId, type Runtime } from '@posthorn/services'
import type { GenericEndpointContext, User } from 'better-auth'
import { getOAuthState } from 'better-auth/api'
import { nameProblem } from './names.ts'
import { refused, refusing } from './refusals.ts'
import { currentDb } from './storage.ts'
import { ADDRESS_HEADER } from './transport.ts'

/** The one gate that every new account goes through, whichever way it is made; in the transaction that makes it. */
export function gate({ db, signUps }: Runtime) {
  return async (user: User, context: GenericEndpointContext | null) => {
    const parsed = parseAddress(user.email)
    if (!parsed.ok) throw refused('INVALID_EMAIL', parsed.problem)
    const id = newId()
    const name = nameFor(user, parsed.value)
    // There the link has shown whose address it is, and is no invitation.
    const isConfirmed = context?.path === '/confirm-address'
    const newcomer = {
      userId: id,
      name,
      email: parsed.value,
      ip: context?.headers?.get(ADDRESS_HEADER) ?? undefined,
      isProven: user.emailVerified || isConfirmed,
      token: isConfirmed ? undefined : await tokenIn(context),
    }
    // An invitation has shown whose address it is; the set-up link was printed, and says nothing of the address.
    const { isInstanceOwner } = await refusing(() => admit(currentDb(db), newcomer, signUps))
    return {
      data: {
        ...user,
        id,
        name,
        email: parsed.value,
        emailVerified: newcomer.isProven || !isInstanceOwner,
        isInstanceOwner,
      },
    }
  }
}

/** A form brings its token along; through a provider it takes the way there and back. */
async function tokenIn(context: GenericEndpointContext | null): Promise<string | undefined> {
  const state = context?.path === '/callback/:id' ? await getOAuthState() : undefined
  const token: unknown = state?.['token'] ?? (context?.body as { token?: unknown } | undefined)?.token
  return typeof token === 'string' ? token : undefined
}

/** Providers say what they like. */
function nameFor(user: User, email: string): string {
  const name = user.name.trim()
  return nameProblem(name) === undefined ? name : (email.split('@')[0] ?? email)
}
