import type { PeopleInput, PeopleOutput } from '@posthorn/contracts'
import { inTransaction, type PeopleContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { noteAccountAct } from './account-log.ts'
import type { SignedIn } from './handlers.ts'
import { endWhatTheOldWayBegan } from './other-sessions.ts'
import { tellWayInChanged } from './tell-way-in.ts'
import { isOnlyWayIn, lockWaysIn, requireOtherWayIn, waysIn } from './ways-in.ts'

type PersonContext = PeopleContext<SignedIn>

/** The providers that can sign somebody in. */
export async function linkedProviders(ctx: PersonContext): Promise<PeopleOutput<'account', 'providers'>> {
  const { db, runtime, actor } = ctx
  const rows = await db
    .selectFrom('auth.accounts')
    .select(['id', 'provider_id', 'id_token', 'created_at'])
    .where('user_id', '=', actor.person.userId)
    .where('provider_id', '!=', 'credential')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const ways = await waysIn(ctx, actor.person.userId)
  return {
    data: rows.map(({ id, provider_id, id_token, created_at }) => ({
      id,
      provider: provider_id,
      name: nameOf(ctx, provider_id),
      isOffered: runtime.providers.some((provider) => provider.id === provider_id),
      email: emailIn(id_token),
      linkedAt: created_at,
      isOnlyWayIn: isOnlyWayIn(ways, id),
    })),
  }
}

/** Takes the link to a provider away, and tells whose it was. */
export const unlinkProvider = (
  ctx: PersonContext,
  { id }: PeopleInput<'account', 'unlinkProvider'>,
): Promise<PeopleOutput<'account', 'unlinkProvider'>> =>
  inTransaction(ctx, async (ctx) => {
    const { db, ip, userAgent, actor } = ctx
    const { userId } = actor.person
    const ways = await lockWaysIn(ctx, userId)
    const link = await db
      .selectFrom('auth.accounts')
      .select('provider_id')
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .where('provider_id', '!=', 'credential')
      .executeTakeFirst()
    if (link === undefined) throw new ApiError('PROVIDER_NOT_LINKED', 'Your account has no such link to a provider.')
    requireOtherWayIn(ways, id)
    await db.deleteFrom('auth.accounts').where('user_id', '=', userId).where('id', '=', id).execute()
    await endWhatTheOldWayBegan(ctx)
    await noteAccountAct(db, {
      userId,
      action: 'provider-unlinked',
      ip,
      userAgent,
      detail: { provider: link.provider_id },
    })
    const what = nameOf(ctx, link.provider_id)
    await tellWayInChanged(
      ctx,
      `The link of your account to a provider (${what}) was removed: it signs nobody in here any more, and all other sessions have ended.`,
    )
    return { id }
  })

const nameOf = ({ runtime }: PersonContext, provider: string): string =>
  runtime.providers.find(({ id }) => id === provider)?.name ?? provider

/** The address in a token that was checked when it was stored; to be shown, never to be trusted. */
function emailIn(idToken: string | null): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(idToken?.split('.')[1] ?? '', 'base64url').toString())
    const email = typeof claims === 'object' && claims !== null && 'email' in claims ? claims.email : undefined
    return typeof email === 'string' ? email : null
  } catch {
    return null
  }
}
