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
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
]
const WITH_BODY: readonly ErrorCode[] = ['INVALID_REQUEST_BODY', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']
const WITH_IDEMPOTENCY_KEY: readonly ErrorCode[] = ['IDEMPOTENCY_IN_PROGRESS', 'IDEMPOTENCY_KEY_REUSED']

const NOT_FOUND: Partial<Record<Noun, ErrorCode>> = {
  emails: 'EMAIL_NOT_FOUND',
  contacts: 'CONTACT_NOT_FOUND',
  keys: 'KEY_NOT_FOUND',
  inbox: 'MESSAGE_NOT_FOUND',
}

const OWN: Partial<Record<OperationName, readonly ErrorCode[]>> = {
  'emails.send': ['SENDER_UNVERIFIED'],
  'emails.cancel': ['EMAIL_NOT_WAITING'],
  'emails.reschedule': ['EMAIL_NOT_WAITING'],
  'project.get': ['PROJECT_NOT_FOUND'],
  'keys.create': ['SCOPE_NOT_HELD'],
  'keys.regenerate': ['SCOPE_NOT_HELD', 'KEY_NOT_ACTIVE'],
  'inbox.list': ['INBOX_OFF'],
  'inbox.get': ['INBOX_OFF'],
  'inbox.source': ['INBOX_OFF'],
  'inbox.clear': ['INBOX_OFF'],
}

/** Whether a call may carry an Idempotency-Key. An answer with a secret in it is never kept for a replay. */
export const takesIdempotencyKey = ({ rest, secretAnswer }: NamedOperation) => rest.method !== 'GET' && !secretAnswer

/** Every code that an operation can be refused with, by status. */
export function refusalsOf(operation: NamedOperation): Map<number, ErrorCode[]> {
  const notFound = operation.rest.path.includes('{') ? NOT_FOUND[operation.noun] : undefined
  const codes = [
    ...ALWAYS,
    ...(operation.rest.method === 'GET' ? [] : WITH_BODY),
    ...(takesIdempotencyKey(operation) ? WITH_IDEMPOTENCY_KEY : []),
    ...(notFound === undefined ? [] : [notFound]),
    ...(OWN[operation.name as OperationName] ?? []), // Safe because names are made of the same table.
  ]
  return Map.groupBy(
    codes.toSorted((a, b) => ERRORS[a].status - ERRORS[b].status),
    (code) => ERRORS[code].status,
  )
}
