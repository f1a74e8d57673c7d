import { ERRORS, type ErrorCode } from './errors.ts'
import { LIMITS } from './limits.ts'
import type { NamedOperation } from './operations.ts'
import { refusalsOf } from './openapi-refusals.ts'
import { REFERENCE, type JsonSchema } from './openapi-schemas.ts'

export const sharedHeaders = {
  'X-Request-ID': {
    description: 'The id of this request, in the log as well. A well-formed one that you send is kept.',
    schema: { type: 'string', maxLength: LIMITS.requestIdLength },
  },
  'Idempotency-Replayed': {
    description: '`true` when the call was made before, and this is the answer of that time.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Retry-After': { description: 'How many seconds to wait before the next try.', schema: { type: 'integer' } },
  RateLimit: {
    description:
      'What is left of the quota, where there is one: `"key";r=993;t=8` is 993 calls for 8 seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: { type: 'string' },
  },
  'WWW-Authenticate': { description: 'How to authenticate (RFC 9110).', schema: { type: 'string' } },
}

export const headers = (...names: (keyof typeof sharedHeaders)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

export const jsonContent = (schema: object, example?: unknown) => ({
  'application/json': { schema, ...(example !== undefined && { example }) },
})

const listCodes = (codes: readonly ErrorCode[]) =>
  codes.map((code) => `- \`${code}\`: ${ERRORS[code].meaning}`).join('\n')

/** The one shape of every refusal. */
export const refusalSchema: Record<string, JsonSchema> = {
  ErrorCode: {
    type: 'string',
    description: `Why a request was refused. Codes never change their meaning.\n\n${listCodes(Object.keys(ERRORS) as ErrorCode[])}`, // Safe because these are its keys.
    enum: Object.keys(ERRORS),
  },
  FieldError: {
    type: 'object',
    description: 'One wrong field.',
    properties: {
      field: { type: 'string', description: 'Where it is.', examples: ['to.0.email'] },
      message: { type: 'string', description: 'Why it was refused.' },
      code: { type: 'string', description: 'The kind of fault, to branch on.' },
    },
    required: ['field', 'message', 'code'],
  },
  Refusal: {
    type: 'object',
    description: 'The answer to a request that was refused, or that failed.',
    properties: {
      success: { type: 'boolean', const: false },
      error: {
        type: 'object',
        properties: {
          code: { $ref: `${REFERENCE}ErrorCode` },
          message: { type: 'string', description: 'What is wrong, for people.' },
          statusCode: { type: 'integer', description: 'The HTTP status.' },
          requestId: { type: 'string', description: 'The id to find this request by in the log.' },
          errors: {
            type: 'array',
            items: { $ref: `${REFERENCE}FieldError` },
            description: 'The fields that are missing or wrong.',
          },
          suggestion: { type: 'string', description: 'What to do about it.' },
        },
        required: ['code', 'message', 'statusCode', 'requestId'],
      },
      message: { type: 'string', description: 'The same as `error.message`.' },
      timestamp: { type: 'string', format: 'date-time' },
    },
    required: ['success', 'error', 'message', 'timestamp'],
  },
}

const OWN_HEADERS: Record<number, (keyof typeof sharedHeaders)[]> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After', 'RateLimit'],
  503: ['Retry-After'],
}

function refusalResponse(status: number, codes: readonly ErrorCode[]) {
  return {
    description: listCodes(codes),
    headers: headers('X-Request-ID', ...(OWN_HEADERS[status] ?? [])),
    content: jsonContent({ $ref: `${REFERENCE}Refusal` }),
  }
}

/** Refusals that every operation can answer with, in the same words. */
export const refusalResponses = {
  Unauthenticated: refusalResponse(401, ['MISSING_AUTH', 'INVALID_API_KEY']),
  Limited: refusalResponse(429, ['RATE_LIMITED']),
  Fault: refusalResponse(500, ['INTERNAL_SERVER_ERROR']),
  Unavailable: refusalResponse(503, ['SERVICE_UNAVAILABLE', 'SERVER_BUSY']),
}

const ALIKE: Record<number, keyof typeof refusalResponses> = {
  401: 'Unauthenticated',
  500: 'Fault',
  503: 'Unavailable',
}

/** What an operation can be refused with, by status. */
export function refusals(operation: NamedOperation): Record<string, object> {
  return Object.fromEntries(
    [...refusalsOf(operation)].map(([status, codes]) => {
      const alike = status === 429 && codes.length === 1 ? 'Limited' : ALIKE[status]
      return [
        status,
        alike === undefined ? refusalResponse(status, codes) : { $ref: `#/components/responses/${alike}` },
      ]
    }),
  )
}
