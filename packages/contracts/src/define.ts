import type { z } from 'zod'
import type { FileFormat } from './downloads.ts'
import type { ErrorCode } from './errors.ts'
import type { Scope } from './scopes.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One promise of the API. Everything that any transport offers is derived from entries of this shape. */
export interface Operation {
  /** One line for people, in the OpenAPI document and the SDK. Says the side effects of product verbs. */
  summary: string
  description?: string
  scope: Scope
  /** GET is a query; anything else changes something. A `{name}` in the path is a field of the input. */
  rest: {
    method: Method
    path: `/v1/${string}`
    /** Where Plunk's clients look for it; it is served there as well, and described at `path` alone. */
    aliases?: readonly `/v1/${string}`[]
    status?: 200 | 201 | 202 | 204
  }
  input: z.ZodObject
  /** Fields that clients of Plunk send and that mean nothing here. Any other unknown field is refused. */
  ignores?: readonly string[]
  /** `Nothing` with status 204. */
  output: z.ZodObject
  /** What it may be refused with beyond what every operation may: no key, wrong input, and the like. */
  refusals?: readonly ErrorCode[]
  /** The largest body that is read, where it is not the common limit. */
  bodyLimitBytes?: number
  /**
   * Its body is taken as it comes, as a stream, and the rest of its input stands in path and query. It is offered over
   * REST alone, to keys and to people who are signed in, and carries no Idempotency-Key.
   */
  takes?: Taken
  /**
   * Its answer is a file in the `format` that the input names, written row by row as it is read; `output` is one row. It
   * is offered over REST alone, to keys and to people who are signed in.
   */
  answers?: readonly FileFormat[]
  /**
   * Other names that Plunk’s clients read fields of the answer by. It has them as well wherever else than at `path` it is
   * asked for, and they are not described.
   */
  plunkNames?: Readonly<Record<string, string>>
  /** Answers over REST carry the fields both at the top and under `data`, as Plunk's two client generations read them. */
  envelope?: 'plunk'
  /** It only reads, by POST because its input is too large for an address. */
  readsByPost?: true
  /** The answer holds a secret, so it is never kept for replays of an Idempotency-Key. */
  secretAnswer?: true
}

/** What a body may be that is taken as it comes. A form takes it as well, as its field `file`. */
export interface Taken {
  /** What Plunk’s clients call that field. */
  plunkField?: string
  /** `*` stands for any: `image/*`. */
  types: readonly string[]
  /** The largest body, also once it is unpacked. */
  maxBytes: number
}

/** Keeps the exact type of each entry while checking its shape. */
export function defineOperations<const Table extends Record<string, Operation>>(table: Table): Table {
  return table
}
