import { noteAccountAct } from '@posthorn/services'
import type { GenericEndpointContext, User } from 'better-auth'
import { mailOwnLink } from './links.ts'
import type { Tools } from './plugin.ts'
import { currentDb } from './storage.ts'
import { whenceOf } from './whence.ts'

/**
 * Keeps that an account was made, and whether it owns the instance. Whose link did not come by mail, and for whom no
 * provider vouches, is asked to confirm the address.
 */
export const afterNewAccount =
  ({ runtime: { db }, mails, inBackground }: Tools) =>
  async (user: User & Record<string, unknown>, context: GenericEndpointContext | null): Promise<void> => {
    await noteAccountAct(currentDb(db), {
      userId: user.id,
      action: 'account-made',
      ...whenceOf(context?.headers),
      detail: { isInstanceOwner: user['isInstanceOwner'] === true },
    })
    if (!user.emailVerified && context !== null) inBackground(() => mailOwnLink(context, mails, user))
  }
