import { noteAccountAct, type Runtime } from '@posthorn/services'
import type { GenericEndpointContext, User } from 'better-auth'
import { currentDb } from './storage.ts'
import { whenceOf } from './whence.ts'

/** Keeps that an account was made, and whether it owns the instance. */
export const noteNewAccount =
  ({ db }: Runtime) =>
  (user: User & Record<string, unknown>, context: GenericEndpointContext | null): Promise<void> =>
    noteAccountAct(currentDb(db), {
      userId: user.id,
      action: 'account-made',
      ...whenceOf(context?.headers),
      detail: { isInstanceOwner: user['isInstanceOwner'] === true },
    })
