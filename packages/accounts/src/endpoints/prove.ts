import type { GenericEndpointContext } from 'better-auth'
import { createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api'
import type { Db } from '@posthorn/db'
import { createOTP } from '@better-auth/utils/otp'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Tools } from '../plugin.ts'
import { useCode, wrongCode } from '../hooks/one-time-code.ts'
import { refused } from '../refusals.ts'

/** Shows once more that the right person sits there: by the password, and by the second factor of who has one. */
export const prove = ({ runtime: { db } }: Tools) =>
  createAuthEndpoint(
    '/prove',
    {
      method: 'POST',
      body: z.object({ password: z.string().max(1000), code: z.string().max(20).optional() }),
      use: [sensitiveSessionMiddleware],
    },
    async (ctx) => {
      const { user, session } = ctx.context.session
      await requirePassword(ctx, user.id, ctx.body.password)
      if (user['twoFactorEnabled'] === true) await requireCode(ctx, db, { userId: user.id, code: ctx.body.code })
      await db
        .updateTable('auth.sessions')
        .set({ proven_at: sql<Date>`now()` })
        .where('id', '=', session.id)
        .execute()
      return ctx.json({ status: true })
    },
  )

export async function requirePassword(ctx: GenericEndpointContext, userId: string, password: string): Promise<void> {
  const account = await ctx.context.internalAdapter.findCredentialAccount(userId)
  if (!account?.password) {
    throw refused('NO_PASSWORD', 'Your account has no password: sign in anew to go on.')
  }
  if (await ctx.context.password.verify({ hash: account.password, password })) return
  throw refused('INVALID_PASSWORD', 'This is not your password.')
}

interface SecondFactor {
  secret: string
  backupCodes: string
}

async function requireCode(
  ctx: GenericEndpointContext,
  db: Db,
  { userId, code }: { userId: string; code: string | undefined },
): Promise<void> {
  if (code === undefined) throw refused('SECOND_FACTOR_NEEDED', 'Give the code of your second factor, too.')
  const where = [{ field: 'userId', value: userId }]
  const factor = await ctx.context.adapter.findOne<SecondFactor>({ model: 'twoFactor', where })
  if (factor !== null && (await isCurrent(ctx, factor, code)) && (await useCode(db, userId, code))) return
  if (factor !== null && (await useRecoveryCode(ctx, factor, code))) return
  throw wrongCode()
}

async function isCurrent(ctx: GenericEndpointContext, { secret }: SecondFactor, code: string): Promise<boolean> {
  const plain = await symmetricDecrypt({ key: ctx.context.secretConfig, data: secret })
  return createOTP(plain, { digits: 6, period: 30 }).verify(code)
}

/** Of several who come with the same code at once, one finds the list as it was. */
async function useRecoveryCode(
  { context: { adapter, secretConfig: key } }: GenericEndpointContext,
  { backupCodes }: SecondFactor,
  code: string,
): Promise<boolean> {
  const codes = JSON.parse(await symmetricDecrypt({ key, data: backupCodes })) as string[] // Safe because only the library writes it.
  if (!codes.includes(code)) return false
  const left = await symmetricEncrypt({ key, data: JSON.stringify(codes.filter((one) => one !== code)) })
  const where = [{ field: 'backupCodes', value: backupCodes }]
  return (await adapter.updateMany({ model: 'twoFactor', where, update: { backupCodes: left } })) === 1
}
