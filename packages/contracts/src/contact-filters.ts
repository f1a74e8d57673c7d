import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { Part } from './email-filters.ts'
import { Flag } from './primitives.ts'

/** A field of `data` as it is named in templates, with or without `data.` before it. */
export const FieldName = z
  .string()
  .min(1)
  .max(LIMITS.dataKeyLength)
  .describe('A field of `data`, such as `plan`; `data.plan` means the same.')

const aboutData = {
  search: Part.optional().describe(
    'Contacts whose address has this in it; of a domain in letters outside ASCII, whole words of it.',
  ),
  field: FieldName.optional().describe('Contacts that have this field of `data`, such as `plan`.'),
  value: z
    .string()
    .min(1)
    .max(LIMITS.searchLength)
    .optional()
    .describe(
      'Contacts that have exactly this in `field`, or in the list that stands there. `42`, `true` and `false` are found as text and as what they look like.',
    ),
}

/** What narrows a list of contacts; several together narrow it further. */
export const contactFilters = {
  ...aboutData,
  subscribed: Flag.optional().describe('Contacts with this consent.'),
}

/** The same in a body, where yes and no need no text. */
export const contactFiltersInBody = {
  ...aboutData,
  subscribed: z.boolean().optional().describe('Contacts with this consent.'),
}

/** How many there are in all, beside a page of them. */
export const contactTotal = {
  total: z
    .int()
    .describe('How many contacts fit in the whole list, on each of its pages; `totalIs` says how sure that is.'),
  totalIs: z
    .enum(['exact', 'estimate', 'at-least'])
    .describe(
      `\`exact\`: also of a search among no more than ${LIMITS.contactsSearchedPerPage.toLocaleString('en')} contacts, or that fits no more than ${LIMITS.countedContacts.toLocaleString('en')} where the index can tell; \`estimate\`: reckoned from the newest contacts and some of all times before; \`at-least\`: so many were seen, and nothing tells of more.`,
    ),
}

/** Said of the list, whose cost is bounded. */
export const CONTACT_PAGES = `No page takes longer with more contacts. Where a search fits more than ${LIMITS.countedContacts.toLocaleString('en')} contacts and few of the newest, a page may hold fewer than \`limit\`, or none, and still have more behind it: go on while \`hasMore\`. The same goes for parts of an address shorter than three characters, for \`field\` without \`value\`, and where the index did not answer in its time. Whoever has the very address that is looked for stands first.`
