import { sql } from 'kysely'
import { inTransaction } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { Data } from '../contacts/merge.ts'
import { noteAccountAct } from './account-log.ts'
import type { PeopleHandlers } from './handlers.ts'
import { removePassword } from './account-password.ts'
import { linkedProviders, unlinkProvider } from './account-providers.ts'
import { endOtherSessions } from './other-sessions.ts'
import { provenUntil } from './proof.ts'
import { isSetUpNeeded } from './set-up.ts'

const ACTS_SHOWN = 100

export const account: PeopleHandlers<'account'> = {
  async options({ db, runtime }) {
    return {
      setUpNeeded: await isSetUpNeeded(db),
      signUps: runtime.signUps,
      providers: runtime.providers.map(({ id, name }) => ({ id, name })),
    }
  },

  async get({ db, actor: { person } }) {
    const row = await db
      .selectFrom('auth.users')
      .select(['created_at', 'two_factor_enabled'])
      .select((eb) =>
        eb
          .exists(
            eb
              .selectFrom('auth.accounts')
              .select(sql`1`.as('one'))
              .whereRef('user_id', '=', 'auth.users.id')
              .where('password', 'is not', null),
          )
          .as('has_password'),
      )
      .where('id', '=', person.userId)
      .executeTakeFirstOrThrow()
    return {
      id: person.userId,
      name: person.name,
      email: person.email,
      emailVerified: person.emailVerified,
      isInstanceOwner: person.isInstanceOwner,
      hasPassword: Boolean(row.has_password),
      hasSecondFactor: row.two_factor_enabled === true,
      provenUntil: provenUntil(person.provenAt),
      createdAt: row.created_at,
    }
  },

  async sessions({ db, actor: { person } }) {
    const rows = await db
      .selectFrom('auth.sessions')
      .select(['id', 'created_at', 'updated_at', 'expires_at', 'ip_address', 'user_agent'])
      .where('user_id', '=', person.userId)
      .where('expires_at', '>', sql<Date>`now()`)
      .orderBy('updated_at', 'desc')
      .orderBy('id')
      .execute()
    return {
      data: rows.map((row) => ({
        id: row.id,
        isCurrent: row.id === person.sessionId,
        createdAt: row.created_at,
        lastSeenAt: row.updated_at,
        expiresAt: row.expires_at,
        ip: row.ip_address === '' ? null : row.ip_address,
        userAgent: row.user_agent === '' ? null : row.user_agent,
      })),
    }
  },

  providers: linkedProviders,
  unlinkProvider,
  removePassword,

  async activity({ db, actor: { person } }) {
    const rows = await db
      .selectFrom('auth.account_log')
      .selectAll()
      .where('user_id', '=', person.userId)
      .orderBy('id', 'desc')
      .limit(ACTS_SHOWN)
      .execute()
    return {
      data: rows.map(({ id, at, action, ip, user_agent, detail }) => ({
        id,
        at,
        action,
        ip,
        userAgent: user_agent,
        detail: detail as Data, // Safe because only JSON is ever stored there.
      })),
    }
  },

  endSession: (ctx, { id }) =>
    inTransaction(ctx, async ({ db, ip, userAgent, actor: { person } }) => {
      const { numDeletedRows } = await db
        .deleteFrom('auth.sessions')
        .where('user_id', '=', person.userId)
        .where('id', '=', id)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw new ApiError('SESSION_NOT_FOUND', 'You have no such session.')
      await noteAccountAct(db, {
        userId: person.userId,
        action: 'session-ended',
        ip,
        userAgent,
        detail: { session: id },
      })
      return { id }
    }),

  endOtherSessions: (ctx) =>
    inTransaction(ctx, async (ctx) => {
      const { db, ip, userAgent, actor } = ctx
      const ended = await endOtherSessions(ctx)
      await noteAccountAct(db, {
        userId: actor.person.userId,
        action: 'other-sessions-ended',
        ip,
        userAgent,
        detail: { ended },
      })
      return { ended }
    }),
}
