import { sql, type RawBuilder } from 'kysely'
import type { Consent } from './proof.ts'

/** When a call is asked for, by the clock that also says when somebody opted out. */
const NOW = sql<Date>`now()`

/**
 * When the person agreed, for `staysOut`: never later than it was asked for, since whoever opts out meanwhile knows better.
 * Null where no consent came along.
 */
export const agreedAt = (
  consent: { at?: Date | RawBuilder<unknown> | undefined } | undefined,
  asked: RawBuilder<Date> = NOW,
) =>
  consent === undefined
    ? sql<Date | null>`null::timestamptz`
    : // The least of a moment and null is the moment.
      sql<Date | null>`least(${consent.at ?? null}::timestamptz, ${asked})`

/** When a job was asked for. */
export const askedForJob = ({ projectId, id }: { projectId: string; id: string }): RawBuilder<Date> =>
  sql<Date>`(select created_at from project_jobs where project_id = ${projectId} and id = ${id})`

/** Whether somebody who refuses since then goes on to: a consent brings back only who refused before it was given. */
export const staysOut = (refusedAt: RawBuilder<unknown>, agreed: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`coalesce(${refusedAt} > ${agreed}, ${refusedAt} is not null)`

/** The same of a refusal that the same call or file names before: now, unless it says since when. */
export function endsRefusal(consent: Pick<Consent, 'at'> | undefined, refusedAt?: string): boolean {
  if (consent === undefined) return false
  if (consent.at === undefined) return true
  return consent.at >= (refusedAt === undefined ? new Date() : new Date(refusedAt))
}
