import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { Timestamp } from './primitives.ts'

/** Lines that mail waits in, so that no kind of mail delays another. */
export const EmailStream = z
  .enum(['transactional', 'workflow', 'campaign'])
  .meta({ id: 'EmailStream', description: 'The kind of mail, each with a line of its own.' })

/** A part of a text, however it is written; what is looked for, not a pattern. */
export const Part = z.string().trim().min(1).max(LIMITS.searchLength)

/** The bounds of a list in time; the first counts, the last does not. */
export const Period = {
  since: Timestamp.optional().describe('From this moment on.'),
  until: Timestamp.optional().describe('Before this moment.'),
}

/** Narrow a list of emails beyond what an index answers. */
export const emailParts = {
  stream: EmailStream.optional().describe('Mails of this kind.'),
  recipient: Part.optional().describe('Mails whose recipient’s address has this in it.'),
  subject: Part.optional().describe('Mails whose subject has this in it, in upper or lower case.'),
  search: Part.optional().describe('Mails that have this in their recipient’s address or their subject.'),
  ...Period,
}

/** Said of every list that can be searched. */
export const PARTIAL_PAGES = `A search looks through ${LIMITS.searchedPerPage.toLocaleString('en')} entries for each page, so a page may hold fewer than \`limit\`, or none, and still have more behind it: go on while \`hasMore\`.`
