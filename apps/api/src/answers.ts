import type { ErrorCode, NamedOperation } from '@posthorn/contracts'
import { ApiError, tooLarge } from '@posthorn/services'

/**
 * The one shape of every refusal. `message` stands at the top as well, where older Plunk clients look for it, and for
 * nothing else: so it names the first field there.
 */
export function refusal(error: ApiError, requestId: string) {
  return {
    success: false,
    error: {
      code: error.code,
      message: error.message,
      statusCode: error.status,
      requestId,
      ...(error.errors && { errors: error.errors }),
      ...(error.suggestion !== undefined && { suggestion: error.suggestion }),
    },
    message: withFirstField(error),
    timestamp: new Date().toISOString(),
  }
}

/** Other refusals of fields say in their own words what is wrong with which. */
function withFirstField({ code, message, errors }: ApiError): string {
  const first = code === 'VALIDATION_ERROR' ? errors?.[0] : undefined
  if (first === undefined) return message
  const field = first.field === '' ? '' : `\`${first.field}\`: `
  return `${message.replace(/\.$/, '')}: ${field}${first.message}`
}

/** What HTTP itself wants to be said with some refusals. */
export function headersOf(status: number, retryAfterSeconds?: number): Record<string, string> {
  if (retryAfterSeconds !== undefined) return { 'Retry-After': String(retryAfterSeconds) }
  if (status === 401) return { 'WWW-Authenticate': 'Bearer realm="posthorn"' }
  if (status === 503) return { 'Retry-After': '5' }
  return {}
}

/** Both of Plunk's dialects at once: the fields under `data`, and at the top. */
const plunkEnvelope = (output: object) => ({ success: true, data: output, ...output })

/** Some of the fields by the names that Plunk’s clients read them by. */
function byPlunkNames(output: object, names: Readonly<Record<string, string>>): object {
  const fields = new Map(Object.entries(output))
  return Object.fromEntries(Object.entries(names).map(([name, field]) => [name, fields.get(field)]))
}

/** An answer over REST to who asked at `path`. */
export function answerOf({ envelope, plunkNames, rest }: NamedOperation, output: object, path: string): object {
  const answer = envelope === 'plunk' ? plunkEnvelope(output) : output
  return plunkNames === undefined || path === rest.path ? answer : { ...answer, ...byPlunkNames(output, plunkNames) }
}

/** What is wrong with a body, in the same words on every way in. */
export const WORDS = {
  INVALID_REQUEST_BODY: 'The body is not valid JSON.',
  PAYLOAD_TOO_LARGE: 'The body is larger than this operation takes.',
  UNSUPPORTED_MEDIA_TYPE: 'The body must be JSON in UTF-8.',
  BAD_REQUEST: 'The body did not arrive as it was announced.',
} as const satisfies Partial<Record<ErrorCode, string>>

const BODY_FAULTS: Record<string, keyof typeof WORDS> = {
  'entity.parse.failed': 'INVALID_REQUEST_BODY',
  'entity.too.large': 'PAYLOAD_TOO_LARGE',
  'entity.verify.failed': 'INVALID_REQUEST_BODY',
  'encoding.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'charset.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'request.aborted': 'BAD_REQUEST',
  'request.size.invalid': 'BAD_REQUEST',
}

/** The refusal that an error amounts to. Undefined: it is a fault of ours, and the caller learns nothing of it. */
export function asRefusal(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error
  if (!(error instanceof Error)) return undefined
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined
  const code = type === undefined ? undefined : BODY_FAULTS[type]
  if (code === 'PAYLOAD_TOO_LARGE' && 'limit' in error) return tooLarge(Number(error.limit))
  if (code !== undefined) return new ApiError(code, WORDS[code], { cause: error })
  // What Express throws for a path that cannot be decoded.
  const isBadRequest = 'status' in error && error.status === 400
  return isBadRequest || error instanceof URIError
    ? new ApiError('BAD_REQUEST', 'The address is malformed.', { cause: error })
    : undefined
}

export const internalFault = () =>
  new ApiError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side. The log has it under the request id.')
