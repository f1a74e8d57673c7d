import type { z } from 'zod'
import type { ErrorCode } from '../errors.ts'
import type { Permission } from '../roles.ts'

/**
 * What a signed-in person can do beside the operations that keys can call. It is offered over tRPC alone: REST knows
 * no sessions.
 */
export type PeopleOperation = {
  summary: string
  description?: string
  call: 'query' | 'mutation'
  input: z.ZodObject
  output: z.ZodObject
  refusals?: readonly ErrorCode[]
  /** Asks for the password again when the last proof is too old. */
  proof?: true
} & Audience

/**
 * Who may call it: somebody who is not signed in, anybody who is, the owner of the instance, or members of the project
 * whose role holds the permission.
 */
export type Audience =
  | { for: 'anyone' | 'person' | 'instanceOwner'; permission?: never }
  | { for: 'member'; permission: Permission }

/** Keeps the exact type of each entry while checking its shape. */
export function definePeopleOperations<const Table extends Record<string, PeopleOperation>>(table: Table): Table {
  return table
}
