import type { ErrorCode, FieldError } from './generated/types.ts'

/**
 * The code of a refusal, or what kept an answer from coming: `CONNECTION_FAILED`, `TIMED_OUT`, or `UNEXPECTED_ANSWER`
 * for one that is not Posthorn's. A newer server may know codes that this version does not.
 */
export type PosthornErrorCode =
  | ErrorCode
  | 'CONNECTION_FAILED'
  | 'TIMED_OUT'
  | 'UNEXPECTED_ANSWER'
  | (string & Record<never, never>)

export interface PosthornErrorDetails {
  code: PosthornErrorCode
  status?: number | undefined
  requestId?: string | undefined
  errors?: readonly FieldError[] | undefined
  suggestion?: string | undefined
  retryable?: boolean | undefined
  retryAfterMs?: number | undefined
  cause?: unknown
}

/** A call that did not get what it was made for. */
export class PosthornError extends Error {
  /** What went wrong, to branch on. */
  readonly code: PosthornErrorCode
  /** The HTTP status; undefined when no answer came. */
  readonly status: number | undefined
  /** The id under which the server's log has the request. */
  readonly requestId: string | undefined
  /** The fields that are missing or wrong. */
  readonly errors: readonly FieldError[]
  /** What to do about it. */
  readonly suggestion: string | undefined
  /** Whether the same call may succeed later. Retries that were possible have been made already. */
  readonly retryable: boolean
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined

  static {
    this.prototype.name = 'PosthornError'
  }

  constructor(message: string, details: PosthornErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.status = details.status
    this.requestId = details.requestId
    this.errors = details.errors ?? []
    this.suggestion = details.suggestion
    this.retryable = details.retryable ?? false
    this.retryAfterMs = details.retryAfterMs
  }
}

/** No answer came: the server could not be reached, or the connection broke. */
export class PosthornConnectionError extends PosthornError {
  /** What the system calls it, such as `ECONNREFUSED`, where it says. */
  readonly reason: string | undefined

  static {
    this.prototype.name = 'PosthornConnectionError'
  }

  constructor(message: string, details: { code?: string; reason?: string | undefined; cause?: unknown } = {}) {
    const { code = 'CONNECTION_FAILED', reason, cause } = details
    super(message, { code, retryable: true, cause })
    this.reason = reason
  }
}

/** No answer came in time. */
export class PosthornTimeoutError extends PosthornConnectionError {
  static {
    this.prototype.name = 'PosthornTimeoutError'
  }

  constructor(message: string) {
    super(message, { code: 'TIMED_OUT' })
  }
}
