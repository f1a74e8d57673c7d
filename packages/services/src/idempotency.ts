import { createHash } from 'node:crypto'
import { LIMITS } from '@posthorn/contracts'
import { transact, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { inTransaction, type Context } from './context.ts'
import { ApiError, sqlState } from './errors.ts'

/** A call that must have its effect once, however often it is made. */
export interface Once {
  key: string
  operation: string
  /** Of the input; another input under the same key is a mistake of the caller. */
  requestHash: Buffer
  /** The answer as it goes over the wire, which is what a repeated call gets. */
  encode: (output: unknown) => unknown
}

export interface KeyedCall {
  projectId: string
  once: Once
}

/** Not a fault: the call was made before, and this is what was answered. */
export class Replay {
  readonly response: unknown
  constructor(response: unknown) {
    this.response = response
  }
}

/** Takes the key with or without the quotes of a structured header string. */
export function parseIdempotencyKey(header: string): string {
  const quoted = /^"(.*)"$/s.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1')
  const key = quoted ?? header
  if (key.length >= 1 && key.length <= LIMITS.idempotencyKeyLength && /^[\x20-\x7e]+$/.test(key)) return key
  throw new ApiError(
    'BAD_REQUEST',
    `Idempotency-Key takes 1 to ${LIMITS.idempotencyKeyLength} printable ASCII characters.`,
    { suggestion: 'Send a fresh UUID for each thing that must happen once.' },
  )
}

/** A hash that does not depend on the order of keys. */
export function hashRequest(operation: string, input: unknown): Buffer {
  const ordered = JSON.stringify(input, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return createHash('sha256').update(operation).update('\0').update(ordered).digest()
}

export const slot = ({ projectId, once }: KeyedCall) => `${projectId} ${once.key}`

/**
 * Takes the keys of calls, within the transaction that does their work: either both are kept or neither. Waits for
 * another process that has the same key in an open transaction. Answers for each call undefined when it is the
 * first, or why it must not run.
 */
export async function takeKeys(
  db: Db,
  calls: readonly KeyedCall[],
  waitMs: number,
): Promise<(Replay | ApiError | undefined)[]> {
  const rows = calls
    .toSorted((a, b) => (slot(a) < slot(b) ? -1 : 1))
    .map(({ projectId, once }) => ({
      project_id: projectId,
      key: once.key,
      operation: once.operation,
      request_hash: `\\x${once.requestHash.toString('hex')}`,
    }))
  // The work that follows may wait for its own locks as long as any statement may; it is counted before that is said.
  const { rows: taken } = await sql<{ slots: string[] }>`
    with hurried as materialized (
      select set_config('lock_timeout', ${`${waitMs}ms`}, true)
    ), taken as (
      insert into idempotency_keys (project_id, key, operation, request_hash)
      select project_id, key, operation, request_hash
      from hurried, json_to_recordset(${JSON.stringify(rows)}::json)
        as row (project_id uuid, key text, operation text, request_hash bytea)
      on conflict (project_id, key) do update
        set operation = excluded.operation, request_hash = excluded.request_hash, response = null, created_at = now()
        where idempotency_keys.created_at < now() - make_interval(hours => ${LIMITS.idempotencyHours})
      returning project_id || ' ' || key as slot
    ), all_taken as materialized (
      select coalesce(array_agg(slot), '{}') as slots from taken
    )
    select slots, set_config('lock_timeout', '0', true) from all_taken
  `.execute(db)
  const first = new Set(taken.flatMap(({ slots }) => slots))
  if (first.size === calls.length) return calls.map(() => undefined)
  const known = await findAnswers(
    db,
    calls.filter((call) => !first.has(slot(call))),
  )
  return calls.map((call) => (first.has(slot(call)) ? undefined : judge(call.once, known.get(slot(call)))))
}

interface KnownAnswer {
  slot: string
  operation: string
  requestHash: Buffer
  response: unknown
}

async function findAnswers(db: Db, calls: readonly KeyedCall[]): Promise<Map<string, KnownAnswer>> {
  const rows = calls.map(({ projectId, once }) => ({ project_id: projectId, key: once.key }))
  const { rows: known } = await sql<KnownAnswer>`
    select known.project_id || ' ' || known.key as slot, operation, request_hash as "requestHash", response
    from json_to_recordset(${JSON.stringify(rows)}::json) as row (project_id uuid, key text)
    cross join lateral (
      select * from idempotency_keys where project_id = row.project_id and key = row.key limit 1
    ) known
    where created_at >= now() - make_interval(hours => ${LIMITS.idempotencyHours})
  `.execute(db)
  return new Map(known.map((answer) => [answer.slot, answer]))
}

/** The answer of an earlier call like this one, as a `Replay`. */
export async function findReplay(db: Db, call: KeyedCall): Promise<Replay | undefined> {
  const verdict = judge(call.once, (await findAnswers(db, [call])).get(slot(call)))
  return verdict instanceof Replay ? verdict : undefined
}

function inProgress(): ApiError {
  return new ApiError('IDEMPOTENCY_IN_PROGRESS', 'The first request with this Idempotency-Key is still running.', {
    suggestion: 'Ask again in a moment; the answer will be that of the first request.',
  })
}

function judge(once: Once, known: KnownAnswer | undefined): Replay | ApiError {
  if (known === undefined || known.response === null) return inProgress()
  if (known.operation === once.operation && known.requestHash.equals(once.requestHash))
    return new Replay(known.response)
  return new ApiError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used before, for another request.', {
    suggestion: 'Use a new key for a new request.',
  })
}

export async function keepAnswers(db: Db, answers: readonly (KeyedCall & { output: unknown })[]): Promise<void> {
  const rows = answers.map(({ projectId, once, output }) => ({
    project_id: projectId,
    key: once.key,
    response: once.encode(output),
  }))
  // This transaction took them, so none of them moves from where it is looked up.
  await sql`
    update idempotency_keys set response = row.response
    from json_to_recordset(${JSON.stringify(rows)}::json) as row (project_id uuid, key text, response json)
    cross join lateral (
      select ctid from idempotency_keys where project_id = row.project_id and key = row.key limit 1
    ) place
    where idempotency_keys.ctid = place.ctid
  `.execute(db)
}

/** Runs work in a transaction that also holds the call's Idempotency-Key. Throws a `Replay` when it ran before. */
export async function runOnce<T>(ctx: Context, once: Once, work: (ctx: Context) => Promise<T>): Promise<T> {
  const call = { projectId: ctx.actor.projectId, once }
  return oneAtATime(slot(call), () =>
    transact(ctx.db, async (db) => {
      const [verdict] = await takeKeys(db, [call], ctx.runtime.keyWaitMs)
      // oxlint-disable-next-line typescript/only-throw-error -- a Replay is caught by `invoke`, never by people
      if (verdict !== undefined) throw verdict
      const output = await work({ ...ctx, db })
      await keepAnswers(db, [{ ...call, output }])
      return output
    }),
  ).catch((error: unknown) => {
    throw asInProgress(error)
  })
}

/** For work that something was done for before: the call's Idempotency-Key, where it has one, is taken along. */
export function inOwnTransaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  if (ctx.once === undefined) return inTransaction(ctx, work)
  return runOnce(ctx, ctx.once, (inner) => work({ ...inner, once: undefined }))
}

const LOCK_NOT_AVAILABLE = '55P03'

/** The refusal that waiting in vain for another process amounts to. */
export function asInProgress(error: unknown): unknown {
  return sqlState(error) === LOCK_NOT_AVAILABLE ? inProgress() : error
}

const running = new Map<string, Promise<unknown>>()

/** Calls of this process with the same key wait here, rather than on a lock that would hold up their batch. */
export async function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  for (let before = running.get(name); before !== undefined; before = running.get(name)) await before
  const result = work()
  const ended = result.then(
    () => running.delete(name),
    () => running.delete(name),
  )
  running.set(name, ended)
  return result
}
