import { randomUUID } from 'node:crypto'
import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '@posthorn/contracts'
import type { Logger } from '@posthorn/process'
import { ApiError } from '@posthorn/services'
import type { Response } from 'express'
import { refusal } from './answers.ts'
import { recordOf } from './requests.ts'

const FAULTS: Record<string, { code: ErrorCode; message: string }> = {
  HPE_HEADER_OVERFLOW: { code: 'HEADERS_TOO_LARGE', message: 'The headers are larger than is taken.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    code: 'PAYLOAD_TOO_LARGE',
    message: 'The chunk extensions are larger than is taken.',
  },
  HPE_INVALID_METHOD: { code: 'METHOD_NOT_ALLOWED', message: 'There is no such method.' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'REQUEST_TIMEOUT', message: 'The request took too long to arrive.' },
}
const NOT_HTTP = { code: 'BAD_REQUEST', message: 'This is not a well-formed HTTP request.' } as const

type ParseError = Error & { code?: string }

/**
 * What does not parse as HTTP never reaches the app, but gets an answer of the same shape, and its line in the log. A
 * request that fails on its way, with its body, has been given an id and a line already.
 */
export function answerMalformed(log: Logger, underWay: ReadonlySet<ServerResponse>) {
  const waiting = new WeakSet<Socket>()
  const answer = (error: ParseError, socket: Socket): void => {
    const begun = [...underWay].find((res) => res.socket === socket)
    if (begun?.req.complete) {
      // Its answer comes first; what does not parse came behind it.
      waiting.add(socket)
      begun.once('close', () => answer(error, socket))
      return
    }
    if (!socket.writable || error.code === 'ECONNRESET' || begun?.headersSent) {
      socket.destroy()
      return
    }
    const fault = new ApiError(...paramsOf(error))
    const record = begun === undefined ? { requestId: randomUUID() } : recordOf(begun as Response) // Safe because only the app answers.
    // Who ends a connection in the middle of a body has most likely gone away.
    if (begun === undefined || error.code !== 'HPE_INVALID_EOF_STATE') {
      Object.assign(record, { code: fault.code, status: fault.status })
    }
    if (begun === undefined) log.info(record, 'request')
    socket.end(answerOf(fault, record.requestId))
  }
  return (error: ParseError, socket: Socket): void => {
    if (!waiting.has(socket)) answer(error, socket)
  }
}

function paramsOf({ code = '' }: ParseError): [ErrorCode, string] {
  const { code: refused, message } = FAULTS[code] ?? NOT_HTTP
  return [refused, message]
}

function answerOf(fault: ApiError, requestId: string): string {
  const { status } = fault
  const body = JSON.stringify(refusal(fault, requestId))
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-ID: ${requestId}`,
    ...(status === 405 ? ['Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'] : []),
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
