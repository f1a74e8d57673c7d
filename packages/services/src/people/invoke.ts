import {
  findPeopleOperation,
  type NamedPeopleOperation,
  type PeopleNoun,
  type PeopleVerb,
  type WirePeopleInput,
  type WirePeopleOutput,
} from '@posthorn/contracts'
import type { Caller, PeopleContext } from '../context.ts'
import { ApiError, isUnavailable, unavailable } from '../errors.ts'
import { withSealedCursor } from '../sealed-cursor.ts'
import { parseInput } from '../validation.ts'
import { peopleHandlers } from './handlers.ts'
import { requireRecentProof } from './proof.ts'
import { projectNeeded, roleTooLow } from './refusals.ts'

type Handler = (ctx: PeopleContext, input: unknown) => Promise<unknown>

/** The door for what only people do: is this person allowed to, is the input right; then the work. */
export function invokePeople<N extends PeopleNoun, V extends PeopleVerb<N>>(
  ctx: PeopleContext,
  [noun, verb]: readonly [N, V],
  input: WirePeopleInput<N, V>,
): Promise<WirePeopleOutput<N, V>>
export function invokePeople(ctx: PeopleContext, name: readonly [string, string], raw: unknown): Promise<unknown>
export async function invokePeople(
  ctx: PeopleContext,
  [noun, verb]: readonly [string, string],
  raw: unknown,
): Promise<unknown> {
  const operation = findPeopleOperation(noun, verb)
  if (operation === undefined) throw new ApiError('ROUTE_NOT_FOUND', 'There is no such operation.')
  requireAudience(ctx.actor, operation)
  if (operation.proof) requireRecentProof(ctx.actor)
  const input = parseInput(operation, raw)
  // Safe because `peopleHandlers` is typed by the same table that `findPeopleOperation` reads.
  const handler = (peopleHandlers[operation.noun] as unknown as Record<string, Handler>)[operation.verb] as Handler
  try {
    const turned = { operation, owner: ownerOf(ctx.actor, operation), input }
    const output = await withSealedCursor(ctx.runtime.cursors, turned, (opened) => handler(ctx, opened))
    return operation.output.encode(output as never)
  } catch (error) {
    throw isUnavailable(error) ? unavailable(error) : error
  }
}

/** Whose list it would be: that of the project where it is for members, and else the person’s. */
function ownerOf(caller: Caller, operation: NamedPeopleOperation): string {
  if (operation.for === 'member' && 'projectId' in caller) return caller.projectId
  return 'person' in caller ? caller.person.userId : ''
}

/** Refuses whom this operation is not for. */
export function requireAudience(caller: Caller, operation: NamedPeopleOperation): void {
  if (operation.for === 'anyone') return
  if (caller.kind === 'visitor' || caller.kind === 'key') {
    throw new ApiError('SIGN_IN_NEEDED', 'Sign in to do this.')
  }
  if (operation.for === 'member') {
    if (caller.kind === 'person') throw projectNeeded()
    if (!caller.scopes.has(operation.permission)) throw roleTooLow(operation.permission)
    return
  }
  if (caller.kind === 'system') throw new ApiError('SIGN_IN_NEEDED', 'Only somebody who is signed in can do this.')
  if (operation.for === 'instanceOwner' && !caller.person.isInstanceOwner) {
    throw new ApiError('NOT_ALLOWED', 'Only the owner of the instance can see this.')
  }
}
