import type { passkey } from '@better-auth/passkey'
import { lockWaysIn, requireOtherWayIn, type Runtime } from '@posthorn/services'
import { createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api'
import { z } from 'zod'
import { passkeyNotFound, refusing } from '../refusals.ts'

type PasskeyPlugin = ReturnType<typeof passkey>

/**
 * Removes a passkey, but not the last thing that lets somebody in. The library would look before it deletes, and two
 * calls at once would both find what the other one takes away.
 */
const deletePasskey = (runtime: Runtime) =>
  createAuthEndpoint(
    '/passkey/delete-passkey',
    { method: 'POST', body: z.object({ id: z.string() }), use: [sensitiveSessionMiddleware] },
    async (ctx) => {
      const userId = ctx.context.session.user.id
      const { id } = ctx.body
      await refusing(() =>
        runtime.db.transaction().execute(async (db) => {
          const ways = await lockWaysIn({ db, runtime }, userId)
          if (!ways.passkeys.includes(id)) throw passkeyNotFound()
          requireOtherWayIn(ways, id)
          await db.deleteFrom('auth.passkeys').where('user_id', '=', userId).where('id', '=', id).execute()
        }),
      )
      return ctx.json({ status: true })
    },
  )

/** The passkeys of the library, with our own way to remove one. */
export const withPasskeyRemoval = (runtime: Runtime, plugin: PasskeyPlugin) => ({
  ...plugin,
  endpoints: { ...plugin.endpoints, deletePasskey: deletePasskey(runtime) },
})
