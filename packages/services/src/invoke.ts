import {
  findOperation,
  isQuery,
  LIMITS,
  type NamedOperation,
  type Noun,
  type Operations,
  type Verb,
  type WireInput,
  type WireOutput,
} from '@posthorn/contracts'
import type { Context } from './context.ts'
import { asDownload, type Download, type Rows } from './downloads.ts'
import { ApiError, breaksConstraint, fieldRefusal, isUnavailable, unavailable } from './errors.ts'
import { COMMITS_BY_ITSELF, COMMITS_IN_GROUPS, handlers } from './handlers.ts'
import { findReplay, hashRequest, parseIdempotencyKey, Replay, runOnce, type Once } from './idempotency.ts'
import { requireRecentProof } from './people/proof.ts'
import { requireScope } from './scope.ts'
import { withSealedCursor } from './sealed-cursor.ts'
import { parseInput } from './validation.ts'

type Handler = (ctx: Context, input: unknown) => Promise<unknown>

/** What a call is answered with: what it promises, or a file of such rows. */
export type Answer<N extends Noun, V extends Verb<N>> = Operations[N][V] extends { answers: object }
  ? Download
  : WireOutput<N, V>

/**
 * The one door. Every transport comes in here, so none can skip a check: may the actor do this, is the input right,
 * did it happen before; then the work; then the answer, cut down to what was promised.
 */
export function invoke<N extends Noun, V extends Verb<N>>(
  ctx: Context,
  [noun, verb]: readonly [N, V],
  input: WireInput<N, V>,
): Promise<Answer<N, V>>
export function invoke(ctx: Context, name: readonly [string, string], raw: unknown): Promise<unknown>
export async function invoke(ctx: Context, [noun, verb]: readonly [string, string], raw: unknown): Promise<unknown> {
  const operation = findOperation(noun, verb)
  if (operation === undefined) throw new ApiError('ROUTE_NOT_FOUND', 'There is no such operation.')
  requireScope(ctx.actor, operation)
  // An answer with a secret outlives the session it was asked in.
  if (operation.secretAnswer) requireRecentProof(ctx.actor)
  const input = parseInput(operation, raw)
  const once = onceOf(ctx, operation, input)
  try {
    const output = await run({ ...ctx, once }, operation, input)
    // Safe because `handlers` says so of every operation that answers with a file.
    if (operation.answers !== undefined) return asDownload(operation, input, output as Rows<unknown>)
    return operation.output.encode(output as never)
  } catch (error) {
    if (error instanceof Replay) {
      ctx.onReplay?.()
      return error.response
    }
    if (isUnavailable(error)) throw unavailable(error)
    throw breaksConstraint(error, 'contact_data_bounded')
      ? fieldRefusal('data', `A contact holds at most ${LIMITS.contactDataBytes} bytes of data.`)
      : error
  }
}

function run(ctx: Context, operation: NamedOperation, input: unknown): Promise<unknown> {
  // Safe because `handlers` is typed by the same table that `findOperation` reads.
  const handler = (handlers[operation.noun] as unknown as Record<string, Handler>)[operation.verb] as Handler
  const turned = { operation, owner: ctx.actor.projectId, input }
  const handle = (inner: Context) => withSealedCursor(ctx.runtime.cursors, turned, (opened) => handler(inner, opened))
  if (ctx.once === undefined) return handle(ctx)
  if (COMMITS_IN_GROUPS.has(operation.name) || COMMITS_BY_ITSELF.has(operation.name)) {
    return orReplay(ctx, ctx.once, () => handle(ctx))
  }
  return runOnce(ctx, ctx.once, (inner) => handle({ ...inner, once: undefined }))
}

/** What was right the first time can be refused later, such as a time that has passed; then the first answer counts. */
async function orReplay(ctx: Context, once: Once, work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // oxlint-disable-next-line typescript/only-throw-error -- a Replay is caught by `invoke`, never by people
    throw (await findReplay(ctx.db, { projectId: ctx.actor.projectId, once })) ?? error
  }
}

function onceOf(ctx: Context, operation: NamedOperation, input: unknown): Once | undefined {
  if (ctx.idempotencyKey === undefined || isQuery(operation)) return undefined
  const key = parseIdempotencyKey(ctx.idempotencyKey)
  if (operation.takes !== undefined) {
    throw new ApiError('BAD_REQUEST', 'This operation takes no Idempotency-Key: large bodies are not compared.')
  }
  if (operation.secretAnswer) {
    throw new ApiError(
      'BAD_REQUEST',
      'This operation takes no Idempotency-Key: its answer holds a secret and is never kept.',
    )
  }
  return {
    // Anybody can hold a public key, and must not be able to take a key that the server side is about to use. No key
    // that is sent holds a line break.
    key: ctx.actor.kind === 'key' && ctx.actor.keyKind === 'public' ? `public\n${key}` : key,
    operation: operation.name,
    requestHash: hashRequest(operation.name, input),
    encode: (output) => operation.output.encode(output as never),
  }
}
