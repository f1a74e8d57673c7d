import { ERRORS, type ErrorCode } from './errors.ts'
import type { NamedOperation, Noun, Verb } from './operations.ts'

export type OperationName = { [N in Noun]: `${N}.${Verb<N>}` }[Noun]

const ALWAYS: readonly ErrorCode[] = [
  'BAD_REQUEST',
  'MISSING_AUTH',
  'INVALID_API_KEY',
  'INSUFFICIENT_SCOPE',
  'ADDRESS_NOT_ALLOWED',
  'VALIDATION_ERROR',
  'RATE_LIMITED',
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
]
const WITH_BODY: readonly ErrorCode[] = [
  'INVALID_REQUEST_BODY',
  'REQUEST_TIMEOUT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'SERVER_BUSY',
]
const WITH_IDEMPOTENCY_KEY: readonly ErrorCode[] = ['IDEMPOTENCY_IN_PROGRESS', 'IDEMPOTENCY_KEY_REUSED']

/** Whether a call may carry an Idempotency-Key. An answer with a secret in it is never kept for a replay, nor a large body compared. */
export const takesIdempotencyKey = ({ rest, secretAnswer, takes }: NamedOperation) =>
  rest.method !== 'GET' && !secretAnswer && takes === undefined

/** Every code that an operation can be refused with, by status. */
export function refusalsOf(operation: NamedOperation): Map<number, ErrorCode[]> {
  const codes = [
    ...ALWAYS,
    ...(operation.rest.method === 'GET' ? [] : WITH_BODY),
    ...(takesIdempotencyKey(operation) ? WITH_IDEMPOTENCY_KEY : []),
    ...(operation.refusals ?? []),
  ]
  return Map.groupBy(
    codes.toSorted((a, b) => ERRORS[a].status - ERRORS[b].status),
    (code) => ERRORS[code].status,
  )
}
