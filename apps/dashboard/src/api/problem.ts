import type { ErrorCode, FieldError, RefusalData } from '@posthorn/contracts'
import { TRPCClientError } from '@trpc/client'

/** What went wrong, in words for the one who sits before it. */
export interface Problem {
  message: string
  suggestion?: string | undefined
  /** What the operator finds in the log. */
  requestId?: string | undefined
  /** Which fields were wrong, and why. */
  fields: FieldError[]
}

/** A refusal of something that is not of the tables of operations: accounts answer in their own words. */
export class OtherRefusal extends Error {
  readonly fields: FieldError[]

  constructor(message: string, fields: FieldError[] = [], options?: ErrorOptions) {
    super(message, options)
    this.name = 'OtherRefusal'
    this.fields = fields
  }
}

const dataOf = (error: unknown): Partial<RefusalData> | undefined =>
  // Safe because the server's error formatter is typed by the same interface, and each field is looked at as optional.
  error instanceof TRPCClientError ? (error.data as Partial<RefusalData> | undefined) : undefined

/** The code of the public table, when Posthorn refused; undefined for faults on the way. */
export const codeOf = (error: unknown): ErrorCode | undefined => dataOf(error)?.apiCode

/** Neither the database nor the wire can be helped from here; the same call may work in a moment. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false
  const data = dataOf(error)
  // Without data nobody of Posthorn answered: no network, or a proxy that has nobody behind it.
  return data === undefined || data === null || data.apiCode === 'SERVICE_UNAVAILABLE'
}

export function problemOf(error: unknown): Problem {
  if (error instanceof OtherRefusal) return { message: error.message, fields: error.fields }
  if (!(error instanceof TRPCClientError)) {
    return { message: error instanceof Error ? error.message : 'Something went wrong.', fields: [] }
  }
  const data = dataOf(error)
  if (data === undefined || data === null) {
    return { message: 'Posthorn cannot be reached.', suggestion: 'Check the network, then try again.', fields: [] }
  }
  return {
    message: error.message,
    suggestion: data.suggestion,
    requestId: data.requestId,
    fields: data.errors ?? [],
  }
}
