import { AsyncLocalStorage } from 'node:async_hooks'
import type { ErrorCode, RefusalData } from '@posthorn/contracts'
import { ApiError } from '@posthorn/services'
import { TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY, type TRPCErrorShape } from '@trpc/server/rpc'
import { internalFault, WORDS } from './answers.ts'

const TRPC_CODES = {
  SIGN_IN_NEEDED: 'UNAUTHORIZED',
  PROOF_NEEDED: 'FORBIDDEN',
  ROLE_TOO_LOW: 'FORBIDDEN',
  NOT_ALLOWED: 'FORBIDDEN',
  PROJECT_NEEDED: 'BAD_REQUEST',
  SESSION_NOT_FOUND: 'NOT_FOUND',
  MEMBER_NOT_FOUND: 'NOT_FOUND',
  PROVIDER_NOT_LINKED: 'NOT_FOUND',
  LAST_WAY_IN: 'CONFLICT',
  NO_PASSWORD: 'CONFLICT',
  INVITATION_NOT_FOUND: 'NOT_FOUND',
  ALREADY_MEMBER: 'CONFLICT',
  LAST_OWNER: 'CONFLICT',
  MISSING_AUTH: 'UNAUTHORIZED',
  INVALID_API_KEY: 'UNAUTHORIZED',
  INSUFFICIENT_SCOPE: 'FORBIDDEN',
  ADDRESS_NOT_ALLOWED: 'FORBIDDEN',
  SENDER_UNVERIFIED: 'FORBIDDEN',
  SCOPE_NOT_HELD: 'FORBIDDEN',
  INVALID_REQUEST_BODY: 'BAD_REQUEST',
  BAD_REQUEST: 'BAD_REQUEST',
  REQUEST_TIMEOUT: 'TIMEOUT',
  HEADERS_TOO_LARGE: 'BAD_REQUEST',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  VALIDATION_ERROR: 'UNPROCESSABLE_CONTENT',
  ROUTE_NOT_FOUND: 'NOT_FOUND',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_SUPPORTED',
  EMAIL_NOT_FOUND: 'NOT_FOUND',
  CONTACT_NOT_FOUND: 'NOT_FOUND',
  CONTACT_EXISTS: 'CONFLICT',
  CONTACT_OPTED_OUT: 'CONFLICT',
  JOB_NOT_FOUND: 'NOT_FOUND',
  IMPORT_NOT_FOUND: 'NOT_FOUND',
  IMPORT_UNREADABLE: 'UNPROCESSABLE_CONTENT',
  IMPORT_STARTED: 'CONFLICT',
  IMPORT_RUNNING: 'CONFLICT',
  TOO_MANY_UPLOADS: 'TOO_MANY_REQUESTS',
  TOO_MANY_FILES: 'CONFLICT',
  JOB_FINISHED: 'CONFLICT',
  JOB_UNSTOPPABLE: 'CONFLICT',
  TEMPLATE_NOT_FOUND: 'NOT_FOUND',
  NO_SUCH_VERSION: 'NOT_FOUND',
  TEMPLATE_NAME_TAKEN: 'CONFLICT',
  TEMPLATE_CHANGED: 'CONFLICT',
  TEMPLATE_INVALID: 'UNPROCESSABLE_CONTENT',
  IMAGE_NOT_FOUND: 'NOT_FOUND',
  IMAGE_INVALID: 'UNPROCESSABLE_CONTENT',
  TOO_MANY_IMAGES: 'CONFLICT',
  STORAGE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  CONTACT_UNSUBSCRIBED: 'BAD_REQUEST',
  TOPIC_NOT_FOUND: 'NOT_FOUND',
  TOPIC_EXISTS: 'CONFLICT',
  TOO_MANY_TOPICS: 'CONFLICT',
  POSTAL_ADDRESS_NEEDED: 'BAD_REQUEST',
  KEY_NOT_FOUND: 'NOT_FOUND',
  MESSAGE_NOT_FOUND: 'NOT_FOUND',
  PROJECT_NOT_FOUND: 'NOT_FOUND',
  INBOX_OFF: 'NOT_FOUND',
  ATTACHMENT_NOT_FOUND: 'NOT_FOUND',
  AUDIT_ENTRY_NOT_FOUND: 'NOT_FOUND',
  REQUEST_NOT_FOUND: 'NOT_FOUND',
  EMAIL_NOT_COMPOSABLE: 'CONFLICT',
  TOO_MANY_STREAMS: 'TOO_MANY_REQUESTS',
  RATE_LIMITED: 'TOO_MANY_REQUESTS',
  TOO_MANY_TRIES: 'TOO_MANY_REQUESTS',
  EMAIL_NOT_WAITING: 'CONFLICT',
  KEY_NOT_ACTIVE: 'CONFLICT',
  KEY_NOT_READABLE: 'CONFLICT',
  IDEMPOTENCY_IN_PROGRESS: 'CONFLICT',
  IDEMPOTENCY_KEY_REUSED: 'UNPROCESSABLE_CONTENT',
  SERVER_BUSY: 'SERVICE_UNAVAILABLE',
  MIGRATIONS_PENDING: 'SERVICE_UNAVAILABLE',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>

/** What tRPC refuses by itself, in the codes and words of the API. */
const OWN_REFUSALS: Partial<Record<TRPC_ERROR_CODE_KEY, { code: ErrorCode; message: string }>> = {
  NOT_FOUND: { code: 'ROUTE_NOT_FOUND', message: 'There is no such procedure.' },
  METHOD_NOT_SUPPORTED: { code: 'METHOD_NOT_ALLOWED', message: 'Queries are called by GET, and mutations by POST.' },
  UNSUPPORTED_MEDIA_TYPE: { code: 'UNSUPPORTED_MEDIA_TYPE', message: WORDS.UNSUPPORTED_MEDIA_TYPE },
  PAYLOAD_TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE', message: WORDS.PAYLOAD_TOO_LARGE },
}

const requestIds = new AsyncLocalStorage<string>()

/** Lets refusals name the request. tRPC has no context to find it in where a request fails before its calls begin. */
export const withRequestId = <T>(requestId: string, work: () => T): T => requestIds.run(requestId, work)

/** Does something, with its refusals in the words of tRPC. */
export async function refusing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new TRPCError({ code: TRPC_CODES[error.code], message: error.message, cause: error })
  }
}

/** The refusal that an error of tRPC amounts to. It quotes nothing that was sent, and no words of the database. */
export function refusalFrom(error: TRPCError, type: string): ApiError {
  const { cause } = error
  if (cause instanceof ApiError) return cause
  if (error.code === 'INTERNAL_SERVER_ERROR') return internalFault()
  const own = OWN_REFUSALS[error.code]
  if (own !== undefined) return new ApiError(own.code, own.message, { cause: error })
  if (cause === undefined) return new ApiError('BAD_REQUEST', `${error.message}.`, { cause: error })
  const isJson = !(cause instanceof SyntaxError)
  return type === 'mutation' && !isJson
    ? new ApiError('INVALID_REQUEST_BODY', WORDS.INVALID_REQUEST_BODY, { cause })
    : new ApiError('BAD_REQUEST', isJson ? 'The request is malformed.' : 'The parameter `input` is not valid JSON.', {
        cause,
      })
}

/** A refusal as clients of tRPC read it. */
export function trpcRefusal(refusal: ApiError, { requestId = requestIds.getStore() ?? '', path }: Where = {}) {
  const code = TRPC_CODES[refusal.code]
  const data: RefusalData = {
    code,
    httpStatus: refusal.status,
    ...(path !== undefined && { path }),
    requestId,
    apiCode: refusal.code,
    ...(refusal.errors && { errors: refusal.errors }),
    ...(refusal.suggestion !== undefined && { suggestion: refusal.suggestion }),
  }
  const shape: TRPCErrorShape<RefusalData> = { message: refusal.message, code: TRPC_ERROR_CODES_BY_KEY[code], data }
  return shape
}

interface Where {
  requestId?: string
  /** The name of the procedure. */
  path?: string | undefined
}
