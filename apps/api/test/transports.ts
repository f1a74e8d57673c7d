import { asksByQuery, isQuery, isStreamed, type NamedOperation } from '@posthorn/contracts'
import { expect } from 'vitest'
import { call } from './call.ts'

export interface OperationCall {
  operation: NamedOperation
  input: Record<string, unknown>
  key?: string | undefined
  headers?: Record<string, string>
  /** Put behind the address, beside what the operation itself has there. */
  query?: string
}

/** What an operation answered, in the same words whichever way it was called. */
export interface Outcome {
  status: number
  headers: Headers
  text: string
  /** Undefined on success. */
  code: string | undefined
  message: string | undefined
  suggestion: string | undefined
  output: unknown
}

export type Transport = (url: string, called: OperationCall) => Promise<Outcome>

/** `/v1/emails/{id}` with the fields it names, and what is left of the input. */
function addressOf({ rest }: NamedOperation, input: Record<string, unknown>) {
  const left = { ...input }
  const path = rest.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(left[field])
    delete left[field]
    return encodeURIComponent(value)
  })
  return { path, left }
}

interface Request {
  address: string
  search: string
  body: unknown
}

function send(method: string, { key, headers, query = '' }: OperationCall, { address, search, body }: Request) {
  const behind = [search, query].filter((part) => part !== '').join('&')
  return call(`${method} ${address}${behind === '' ? '' : `?${behind}`}`, { key, body, ...(headers && { headers }) })
}

const errorOf = (error?: { code?: string; message?: string; suggestion?: string }) => ({
  code: error?.code,
  message: error?.message,
  suggestion: error?.suggestion,
})

export async function rest(url: string, called: OperationCall): Promise<Outcome> {
  const { operation } = called
  const { path, left } = addressOf(operation, called.input)
  const isEmpty = Object.keys(left).length === 0
  const inQuery = asksByQuery(operation)
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(left)) search.set(name, String(value))
  const raw = fileFor(operation)
  const headers = { ...called.headers, ...(raw !== undefined && { 'Content-Type': raw.sentAs }) }
  const answer = await send(
    operation.rest.method,
    { ...called, headers },
    {
      address: `${url}${path}`,
      search: inQuery ? search.toString() : '',
      body: raw?.body ?? (inQuery || isEmpty ? undefined : left),
    },
  )
  if (operation.answers !== undefined && answer.status === 200)
    return { ...answer, ...errorOf(), output: rowsOf(answer) }
  const answered = answer.status === 204 ? {} : answer.body
  const { error, success: _, data, ...flat } = answered
  if (operation.envelope === 'plunk' && error === undefined) expect(data).toEqual(flat)
  return { ...answer, ...errorOf(error), output: operation.envelope === 'plunk' ? flat : answered }
}

async function trpc(url: string, called: OperationCall): Promise<Outcome> {
  const { operation, input } = called
  const inQuery = isQuery(operation)
  const answer = await send(inQuery ? 'GET' : 'POST', called, {
    address: `${url}/trpc/${operation.name}`,
    search: inQuery ? `input=${encodeURIComponent(JSON.stringify(input))}` : '',
    body: inQuery ? undefined : input,
  })
  const { error, result } = answer.body
  return {
    ...answer,
    ...errorOf(error && { ...error.data, code: error.data.apiCode, message: error.message }),
    output: result?.data,
  }
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** What is sent to operations that take a file. */
const FILES = [
  { type: 'text/csv', sentAs: 'text/csv', body: 'email,plan\ngrace@example.com,free\n' },
  { type: 'image/*', sentAs: 'image/png', body: Buffer.from(PIXEL, 'base64') },
]

/** A file that an operation takes; undefined where it takes none. */
export const fileFor = ({ takes }: NamedOperation) => FILES.find(({ type }) => takes?.types.includes(type))

/** The rows of a file that was asked for as JSON lines. */
const rowsOf = ({ text }: { text: string }): unknown[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown)

/** Every way there is to call an operation over the network. */
export const transports: Record<string, Transport> = { rest, trpc }

/** Whether an operation can be called in this way at all. */
export const isOffered = (transport: Transport, operation: NamedOperation): boolean =>
  transport === rest || !isStreamed(operation)
