import { z } from 'zod'
import { LIMITS } from './limits.ts'

/** Which attachment is meant, by its place in the list. */
export const Place = z.coerce
  .number<number>({ error: 'Expected the place of the attachment in the list, from 0.' })
  .int()
  .min(0)
  .max(LIMITS.attachmentPlaces)
  .describe('The place of the attachment in the list, from 0.')

/**
 * A file from a mail, inside JSON. It is never served under an address and type of its own, where a browser would run
 * what a stranger wrote.
 */
export const FileContent = z
  .object({
    filename: z.string().nullable(),
    contentType: z.string().describe('What the sender says it is.'),
    sizeBytes: z.int(),
    contentId: z.string().nullable(),
    disposition: z.string().nullable(),
    content: z.string().describe('The bytes, as base64.'),
  })
  .meta({ id: 'FileContent', description: 'An attachment with its content.' })
