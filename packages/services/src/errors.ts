import { ERRORS, type ErrorCode, type FieldError } from '@posthorn/contracts'

export interface RefusalDetails {
  errors?: FieldError[] | undefined
  /** What to do about it. */
  suggestion?: string | undefined
  /** When the same call can be made again. */
  retryAfterSeconds?: number | undefined
  cause?: unknown
}

/** A refusal: something the caller can understand and mend. Any other error that is thrown is a fault of ours. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly errors: FieldError[] | undefined
  readonly suggestion: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, message: string, { errors, suggestion, retryAfterSeconds, cause }: RefusalDetails = {}) {
    super(message, { cause })
    this.name = 'ApiError'
    this.code = code
    this.errors = errors
    this.suggestion = suggestion
    this.retryAfterSeconds = retryAfterSeconds
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}

/** A refusal of one field, for rules that no schema can hold. */
export function fieldRefusal(field: string, message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', 'The request has a field that is missing or wrong.', {
    errors: [{ field, message, code: 'custom' }],
  })
}

// Classes 08 (connection), 57P (shutdown, starting up) and 53 (out of disk, memory or connections) of PostgreSQL's
// error codes, and what the driver and the socket say where no server answered.
const UNAVAILABLE = /^(?:08|57P0|53|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)/
const UNAVAILABLE_WORDS =
  /connection terminated|timeout exceeded when trying to connect|Connection ended unexpectedly|not queryable/i

/** Whether the database could not be reached, as opposed to having refused a statement. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return UNAVAILABLE.test(code) || UNAVAILABLE_WORDS.test(error.message)
}

// Classes 28 (login) and 3D (no such database), and what a user may not do. The driver has no code for a login that
// needs a password where none was given.
const DENIED = /^(?:28|3D|42501)/

/** Whether the database is there and does not let us in. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && (DENIED.test(sqlState(error) ?? '') || error.message.startsWith('SASL'))
}

/** The database does not let us in. The message is one sentence for the operator, without the password. */
export class DatabaseDeniedError extends Error {
  override readonly name = 'DatabaseDeniedError'
  readonly setting = 'DATABASE_URL'

  constructor(cause: Error) {
    super(
      `The database in DATABASE_URL refuses (${cause.message}): check user, password and database name, and what the user may do.`,
      { cause },
    )
  }
}

/** Whether the database refused a row by this constraint. */
export const breaksConstraint = (error: unknown, name: string): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === name

/** PostgreSQL's error code, where the error came from there. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether the database ended it because it and another transaction waited for each other; done again, it works. */
export const isDeadlock = (error: unknown) => sqlState(error) === '40P01'

/** The refusal for a database that cannot be reached. */
export function unavailable(cause: unknown): ApiError {
  return new ApiError('SERVICE_UNAVAILABLE', 'The database cannot be reached at the moment.', {
    suggestion: 'Try again in a few seconds; with the same Idempotency-Key it happens once.',
    cause,
  })
}
