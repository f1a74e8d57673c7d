import { LIMITS } from '@posthorn/contracts'
import type { Context } from './context.ts'

/** A body that is taken as it comes. */
export interface ReceivedBody {
  /** Its media type without parameters, as the caller has it. */
  type: string
  filename: string | undefined
  /** To be read once. Ends with a refusal where the body is too large, cut off, wrongly packed or too slow. */
  chunks: AsyncIterable<Uint8Array>
  /** Nobody waits for the answer any more. */
  signal?: AbortSignal
}

/** The body of an operation that takes one as it comes; whoever calls it hands one in. */
export function bodyOf({ body }: Context): ReceivedBody {
  if (body === undefined) throw new Error('an operation that takes a body was called without one')
  return body
}

/** Control characters, also those that turn what follows around, and what would fill a line say nothing to anybody. */
export const shownName = (name: string | undefined): string | undefined =>
  name
    ?.replaceAll(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, LIMITS.filenameLength)
    .toWellFormed() || undefined
