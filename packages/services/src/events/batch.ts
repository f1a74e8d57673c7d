import { LIMITS, operations, type Input } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { auditPerson } from '../audit.ts'
import { inTransaction, type Context } from '../context.ts'
import { ApiError, breaksConstraint, fieldRefusal } from '../errors.ts'
import type { Handlers } from '../handlers.ts'
import { getSender, type Sender } from '../senders.ts'
import { parseInput } from '../validation.ts'
import { isOvertaken, recordEvents, type RecordedEvent, type TrackedEvent } from './record.ts'
import { receiptFor, trackedOf } from './tracked.ts'

/** After so many other transactions in a row that stored the same ids, something else is wrong. */
const OVERTAKEN_AT_MOST = 5

export const trackBatch: Handlers<'events'>['trackBatch'] = (ctx, { events }) =>
  inTransaction(ctx, async (ctx) => {
    const sender = await getSender(ctx)
    const parsed = events.map((event) => readEvent(ctx, sender, event))
    const fit = parsed.filter((event): event is TrackedEvent => !(event instanceof ApiError))
    const recorded = fit.length === 0 ? [] : await recordEach(ctx.db, fit)
    const outcomes = recorded.values()
    // Safe because `recordEach` answers event for event.
    const results = parsed.map((event) =>
      present(ctx, event instanceof ApiError ? event : (outcomes.next().value as RecordedEvent | ApiError)),
    )
    const accepted = results.filter(({ status }) => status === 'accepted').length
    if (accepted > 0) {
      await auditPerson(ctx, { action: 'events.tracked', target: ctx.actor.projectId, detail: { count: accepted } })
    }
    return { results, accepted, refused: results.length - accepted }
  })

function readEvent(ctx: Context, sender: Sender, raw: unknown): TrackedEvent | ApiError {
  try {
    // Safe because it was just parsed by this schema.
    return trackedOf(ctx, sender, parseInput(operations.events.track, raw) as Input<'events', 'track'>)
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

/** All at once; where a contact would hold too much, one by one, so that only what is too much for it is refused. */
async function recordEach(db: Db, events: readonly TrackedEvent[]): Promise<(RecordedEvent | ApiError)[]> {
  try {
    return await recordSafely(db, events)
  } catch (error) {
    if (!isTooMuch(error)) throw error
    const results: (RecordedEvent | ApiError)[] = []
    for (const event of events) results.push(await recordAlone(db, event))
    return results
  }
}

const isTooMuch = (error: unknown) => breaksConstraint(error, 'contact_data_bounded')

async function recordAlone(db: Db, event: TrackedEvent): Promise<RecordedEvent | ApiError> {
  try {
    const [recorded] = await recordSafely(db, [event])
    return recorded as RecordedEvent // Safe because there is one for each.
  } catch (error) {
    if (!isTooMuch(error)) throw error
    return fieldRefusal('data', `A contact holds at most ${LIMITS.contactDataBytes} bytes of data.`)
  }
}

/** What fails leaves the transaction as it was before. */
async function recordSafely(db: Db, events: readonly TrackedEvent[]): Promise<RecordedEvent[]> {
  for (let time = 1; ; time += 1) {
    await sql`savepoint events`.execute(db)
    try {
      const recorded = await recordEvents(db, events)
      await sql`release savepoint events`.execute(db)
      return recorded
    } catch (error) {
      if (!isOvertaken(error) && !isTooMuch(error)) throw error
      await sql`rollback to savepoint events`.execute(db)
      if (!isOvertaken(error) || time === OVERTAKEN_AT_MOST) throw error
    }
  }
}

function present(ctx: Context, result: RecordedEvent | ApiError) {
  if (!(result instanceof ApiError)) {
    return { status: 'accepted' as const, ...receiptFor(ctx)(result), isRepeat: result.isRepeat }
  }
  const { code, message, errors } = result
  return { status: 'refused' as const, error: { code, message, ...(errors && { errors }) } }
}
