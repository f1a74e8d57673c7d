import type { Reply } from './attempt.ts'
import { PosthornError } from './errors.ts'
import type { FieldError } from './generated/types.ts'
import { isRetryable, readRetryAfter } from './retries.ts'

interface Refusal {
  error: {
    code: string
    message: string
    requestId?: string
    errors?: FieldError[]
    suggestion?: string
  }
}

/**
 * What a reply says, or the error that it amounts to. `unwrap` takes the fields from their envelope. Undefined: it is
 * done, and there is nothing to say.
 */
export function readReply({ response, text }: Reply, unwrap: boolean): object | undefined {
  if (response.status === 204) return undefined
  const body = parseJson(text)
  const data = unwrap && isObject(body) ? body['data'] : body
  if (response.ok && isObject(data)) return data
  throw refusalOf({ response, text })
}

/** The error that a reply amounts to which is not what was asked for. */
export function refusalOf({ response, text }: Reply): PosthornError {
  const body = parseJson(text)
  return isRefusal(body) ? refusal(response, body) : unexpected(response)
}

function refusal({ status, headers }: Response, { error }: Refusal): PosthornError {
  return new PosthornError(error.message, {
    code: error.code,
    status,
    requestId: error.requestId ?? headers.get('x-request-id') ?? undefined,
    errors: error.errors,
    suggestion: error.suggestion,
    retryable: isRetryable(status, error.code),
    retryAfterMs: readRetryAfter(headers.get('retry-after'), Date.now()),
  })
}

function unexpected({ status, headers, type }: Response): PosthornError {
  const redirects = type === 'opaqueredirect' || (status >= 300 && status < 400)
  return new PosthornError(
    redirects ? 'This address redirects to another.' : `The answer (${status}) is not one of Posthorn's.`,
    {
      code: 'UNEXPECTED_ANSWER',
      status,
      requestId: headers.get('x-request-id') ?? undefined,
      suggestion: redirects ? 'Set baseUrl to where it leads.' : 'Check that baseUrl is the address of a Posthorn.',
      retryable: isRetryable(status, ''),
      retryAfterMs: readRetryAfter(headers.get('retry-after'), Date.now()),
    },
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function isRefusal(body: unknown): body is Refusal {
  if (!isObject(body) || !isObject(body['error'])) return false
  return typeof body['error']['code'] === 'string' && typeof body['error']['message'] === 'string'
}
