import { ERRORS, type ErrorCode } from '@posthorn/contracts'
import { expect } from 'vitest'
import type { Answer } from './call.ts'

/** Holds an answer against the one shape that every refusal has, and against its code. */
export function expectRefusal(answer: Answer, code: ErrorCode): void {
  expect(answer.body).toEqual({
    success: false,
    error: expect.objectContaining({ code, message: expect.any(String), statusCode: ERRORS[code].status }),
    message: answer.body.error.message,
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  })
  expect(answer.status).toBe(ERRORS[code].status)
  expectShape(answer)
}

const OPTIONAL = ['errors', 'suggestion']

/** The same without knowing which code to expect. */
export function expectShape({ status, headers, body }: Pick<Answer, 'status' | 'headers' | 'body'>): void {
  expect(Object.keys(body).sort()).toEqual(['error', 'message', 'success', 'timestamp'])
  const fields = Object.keys(body.error).filter((field) => !OPTIONAL.includes(field))
  expect(fields).toEqual(['code', 'message', 'statusCode', 'requestId'])
  expect(body.error.statusCode).toBe(status)
  expect(body.error.requestId).toBe(headers.get('x-request-id'))
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-powered-by')).toBeNull()
}
