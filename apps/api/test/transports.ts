import { isQuery, type NamedOperation } from '@posthorn/contracts'
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

async function rest(url: string, called: OperationCall): Promise<Outcome> {
  const { operation } = called
  const { path, left } = addressOf(operation, called.input)
  const isEmpty = Object.keys(left).length === 0
  const inQuery = isQuery(operation)
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(left)) search.set(name, String(value))
  const answer = await send(operation.rest.method, called, {
    address: `${url}${path}`,
    search: inQuery ? search.toString() : '',
    body: inQuery || isEmpty ? undefined : left,
  })
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

/** Every way there is to call an operation over the network. */
export const transports: Record<string, Transport> = { rest, trpc }
