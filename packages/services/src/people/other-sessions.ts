import { sql } from 'kysely'
import type { PeopleContext } from '../context.ts'
import type { SignedIn } from './handlers.ts'

/** Ends all sessions of somebody but the one that asks, and says how many those were. */
export async function endOtherSessions({ db, actor: { person } }: PeopleContext<SignedIn>): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('auth.sessions')
    .where('user_id', '=', person.userId)
    .where('id', '!=', person.sessionId)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/**
 * What taking a way in away ends, as a new password does: whoever came in by it may not be its owner, and nor may
 * whoever has one of the links that were mailed before.
 */
export async function endWhatTheOldWayBegan(ctx: PeopleContext<SignedIn>): Promise<void> {
  await endOtherSessions(ctx)
  await sql`
    delete from auth.verifications where auth.people_in(value) @> array[${ctx.actor.person.userId}::uuid]
  `.execute(ctx.db)
}
