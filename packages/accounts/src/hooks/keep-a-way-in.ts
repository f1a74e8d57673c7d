import { requireOtherWayIn, waysIn } from '@posthorn/services'
import { createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import type { Tools } from '../plugin.ts'
import { refusing } from '../refusals.ts'
import { on } from './rules.ts'

/** Nobody shuts themselves out by removing the last thing that lets them in. */
export function keepAWayIn({ runtime }: Tools) {
  return {
    matcher: on('/passkey/delete-passkey'),
    handler: createAuthMiddleware(async (ctx) => {
      const userId = (await getSessionFromCtx(ctx))?.user.id
      if (userId === undefined) return
      const { id } = ctx.body as { id: string } // Safe because `checkIds` was before.
      const ways = await waysIn({ db: runtime.db, runtime }, userId)
      if (ways.passkeys.includes(id)) await refusing(async () => requireOtherWayIn(ways, id))
    }),
  }
}
