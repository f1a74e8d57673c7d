import { ERRORS, type ErrorCode } from '@posthorn/contracts'
import { expect } from 'vitest'
import type { Answer } from './call.ts'

const OPTIONAL = new Set(['errors', 'suggestion'])

/** The code of a refusal, after holding all of the answer against the one shape that every refusal has. */
export function refusalOf({ status, headers, body }: Omit<Answer, 'text'>): ErrorCode {
  const { error } = body
  expect(body).toEqual({
    success: false,
    error: expect.objectContaining({ code: expect.any(String), message: expect.any(String), statusCode: status }),
    message: topMessageOf(error),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  })
  const fields = Object.keys(error).filter((field) => !OPTIONAL.has(field))
  expect(fields).toEqual(['code', 'message', 'statusCode', 'requestId'])
  expect(error.requestId).toBe(headers.get('x-request-id'))
  expect(Object.keys(ERRORS)).toContain(error.code)
  expect(ERRORS[error.code as ErrorCode].status).toBe(status)
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-powered-by')).toBeNull()
  return error.code
}

/** With the first field that is wrong, for clients that read nothing else. */
function topMessageOf({ code, message, errors }: Answer['body']): string {
  if (code !== 'VALIDATION_ERROR' || errors === undefined) return message
  return `${message.slice(0, -1)}: ${errors[0].field && `\`${errors[0].field}\`: `}${errors[0].message}`
}

/** The code of a refusal in the shape of tRPC, after holding all of it against what its clients rely on. */
export function trpcRefusalOf({ status, headers, body }: Omit<Answer, 'text'>): ErrorCode {
  const { data } = body.error
  expect(body.error).toEqual({
    message: expect.stringMatching(/^["A-Z].*\.$/),
    code: expect.any(Number),
    data: expect.objectContaining({ code: expect.any(String), httpStatus: status }),
  })
  expect(data.requestId).toBe(headers.get('x-request-id'))
  expect(Object.keys(ERRORS)).toContain(data.apiCode)
  expect(ERRORS[data.apiCode as ErrorCode].status).toBe(status)
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('cache-control')).toBe('no-store')
  return data.apiCode
}
