import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import type { PeopleContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { SignedIn } from './handlers.ts'

/**
 * Refuses whoever has made as many projects within a day as one person may, those that are gone again included. The
 * owner of the instance may make any number. Call it in the transaction that makes one: of several at once each counts.
 */
export async function requireProjectLeft({ db, actor: { person } }: PeopleContext<SignedIn>): Promise<void> {
  if (person.isInstanceOwner) return
  await sql`select from auth.users where id = ${person.userId} for no key update`.execute(db)
  const { rows } = await sql<{ seconds: number }>`
    select ceil(extract(epoch from at + interval '1 day' - now()))::integer as seconds from auth.account_log
    where user_id = ${person.userId} and action = 'project-made' and at > now() - interval '1 day'
    order by at desc offset ${LIMITS.projectsPerDay - 1} limit 1
  `.execute(db)
  const [oldest] = rows
  if (oldest === undefined) return
  const hours = Math.ceil(oldest.seconds / 3600)
  throw new ApiError('TOO_MANY_TRIES', `One person makes at most ${LIMITS.projectsPerDay} projects within 24 hours.`, {
    suggestion: `Try again in ${hours === 1 ? 'an hour' : `${hours} hours`}, or ask the owner of this Posthorn.`,
    retryAfterSeconds: oldest.seconds,
  })
}
