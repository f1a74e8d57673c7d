import { createHmac, timingSafeEqual } from 'node:crypto'
import type { z } from 'zod'
import { badCursor } from './cursor.ts'
import { hashRequest } from './idempotency.ts'
import { deriveKey } from './secrets.ts'

/** The list that a cursor goes on in, and in no other. */
export interface CursorScope {
  /** The project; for what is of no project, the person who asks. */
  owner: string
  operation: string
  filters: unknown
}

export interface CursorSeal {
  seal(cursor: string, scope: CursorScope): string
  /** Refuses what is not, letter for letter, as it was sealed for this scope. */
  open(sealed: string, scope: CursorScope): string
}

const MAC_BYTES = 16

/** Lets nobody but Posthorn make a cursor, nor hand one in where it was not given out. */
export function createCursorSeal(masterKey: string): CursorSeal {
  const key = deriveKey(masterKey, 'cursors')
  const seal = (cursor: string, { owner, operation, filters }: CursorScope) => {
    const mac = createHmac('sha256', key).update(`${owner}\0${cursor}\0`).update(hashRequest(operation, filters))
    return `${cursor}.${mac.digest().subarray(0, MAC_BYTES).toString('base64url')}`
  }
  return {
    seal,
    open(sealed, scope) {
      const cursor = sealed.slice(0, Math.max(0, sealed.lastIndexOf('.')))
      // As text: the bytes of a MAC can be spelt in more than one way.
      const [given, right] = [Buffer.from(sealed), Buffer.from(seal(cursor, scope))]
      if (given.length === right.length && timingSafeEqual(given, right)) return cursor
      throw badCursor()
    },
  }
}

interface Turned {
  operation: { name: string; input: z.ZodObject }
  owner: string
  input: unknown
}

/** Where an operation turns pages, opens the cursor that it is handed and seals the one that it answers with. */
export async function withSealedCursor(
  { seal, open }: CursorSeal,
  { operation, owner, input }: Turned,
  handle: (input: unknown) => Promise<unknown>,
): Promise<unknown> {
  if (!('cursor' in operation.input.shape)) return handle(input)
  // Safe because an input is an object, and its schema has the cursor.
  const { cursor, ...asked } = input as Record<string, unknown> & { cursor?: string }
  // With larger or smaller pages it is the same list.
  const { limit: _limit, page: _page, pageSize: _pageSize, ...filters } = asked
  const scope = { owner, operation: operation.name, filters }
  const opened = cursor === undefined ? asked : { ...asked, cursor: open(cursor, scope) }
  const output = (await handle(opened)) as { cursor: string | null } // Safe because each page has one.
  return output.cursor === null ? output : { ...output, cursor: seal(output.cursor, scope) }
}
