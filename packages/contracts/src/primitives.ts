import { z } from 'zod'
import { parseAddress, parseMailbox, type Mailbox as ParsedMailbox } from './addresses.ts'
import { headerText } from './header-text.ts'
import { LIMITS } from './limits.ts'

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }

export const Json: z.ZodType<JsonValue, JsonValue> = z
  .lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Json), z.record(z.string(), Json)]))
  .meta({ id: 'Json', description: 'Any JSON value.' })

export const Id = z.uuid({ error: 'Not an id: expected a UUID.' })

/** A moment: an ISO 8601 string with zone on the wire, a `Date` inside the server. */
export const Timestamp = z.codec(
  z.iso.datetime({ offset: true, error: 'Expected a date and time with zone, such as 2026-01-31T09:30:00Z.' }),
  z.date(),
  {
    decode: (text, ctx) => {
      const date = new Date(text)
      // The zone can carry a moment out of the years that four digits can write; and PostgreSQL has no year 0.
      if (date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999) return date
      ctx.issues.push({ code: 'custom', input: text, message: 'Expected a time in the years 1 to 9999, in UTC.' })
      return z.NEVER
    },
    encode: (date) => date.toISOString(),
  },
)

const MailboxText = z.string().max(LIMITS.mailboxTextLength)

/** One address in its one form: trimmed, lower-case, with an international domain as A-labels (RFC 5890). */
export const EmailAddress = z
  .codec(MailboxText, z.string(), {
    decode: (text, ctx) => {
      const parsed = parseAddress(text)
      if (parsed.ok) return parsed.value
      ctx.issues.push({ code: 'invalid_format', format: 'email', input: text, message: parsed.problem })
      return z.NEVER
    },
    encode: (address) => address,
  })
  .meta({ description: 'An e-mail address. Case and surrounding blanks do not matter.', examples: ['ada@example.com'] })

const MailboxObject = z.object({
  email: EmailAddress,
  name: headerText(LIMITS.displayNameLength).optional(),
})

/** An address with an optional name: `ada@example.com`, `Ada <ada@example.com>` or `{email, name}`. */
export const Mailbox = z
  .codec(z.union([MailboxText, MailboxObject]), z.object({ email: z.string(), name: z.string().optional() }), {
    decode: (value, ctx): ParsedMailbox => {
      if (typeof value !== 'string') return value
      const parsed = parseMailbox(value)
      if (parsed.ok) return parsed.value
      ctx.issues.push({ code: 'invalid_format', format: 'email', input: value, message: parsed.problem })
      return z.NEVER
    },
    encode: (mailbox) => mailbox,
  })
  .meta({
    id: 'Mailbox',
    description: 'An address, `Name <address>`, or an object with `email` and `name`.',
    examples: ['Ada Lovelace <ada@example.com>'],
  })

/** What JavaScript takes for something else than a key. */
export const FORBIDDEN_DATA_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Free-form facts. Keys are bounded because they end up in indexes and in segment rules. */
export const dataRecord = <Value extends z.ZodType>(value: Value) =>
  z
    .record(
      z
        .string()
        .min(1, { error: 'A key has at least one character.' })
        .max(LIMITS.dataKeyLength)
        .refine((key) => !FORBIDDEN_DATA_KEYS.has(key), { error: 'This name is reserved.' }),
      value,
    )
    .refine((data) => Object.keys(data).length <= LIMITS.dataKeys, { error: `At most ${LIMITS.dataKeys} keys.` })
    .refine((data) => new TextEncoder().encode(JSON.stringify(data)).length <= LIMITS.dataBytes, {
      error: `At most ${LIMITS.dataBytes} bytes as JSON.`,
    })

/** Yes or no, also as the text that a query carries. */
export const Flag = z.codec(
  z.union([z.boolean(), z.enum(['true', 'false'])], { error: 'Expected `true` or `false`.' }),
  z.boolean(),
  { decode: (value) => value === true || value === 'true', encode: (value) => value },
)

/** The answer of what has nothing to tell but that it is done. */
export const Nothing = z.object({}).meta({ id: 'Nothing' })

const pageSize = z.coerce
  .number<number>({ error: `Expected a whole number from 1 to ${LIMITS.pageSize}.` })
  // What is no whole number is told once, however large it is.
  .int({ abort: true })
  .min(1)
  .max(LIMITS.pageSize)

/** The query of every list: how many, and where the page before ended. */
export const PageQuery = {
  limit: pageSize.default(LIMITS.pageSizeDefault).describe('How many items to answer with.'),
  cursor: z
    .string()
    .max(LIMITS.cursorLength)
    .optional()
    .describe('The `cursor` of the page before, with the same filters; leave out for the first page.'),
}

/** How Plunk’s clients ask for an order, which lists here have not. */
export const PLUNK_ORDER = ['sort', 'dir'] as const

/** How they ask for pages besides, where a list has none by number. */
export const PLUNK_PAGES = ['page', 'pageSize', ...PLUNK_ORDER] as const

/** More than a short list has, and few enough to count up to. */
const LAST_PAGE = 1000

/** The query of a short list that has numbered pages as well, which is how Plunk’s clients ask for it. */
export const NumberedQuery = {
  page: z.coerce
    .number<number>({ error: `Expected a whole number from 1 to ${LAST_PAGE}.` })
    .int({ abort: true })
    .min(1)
    .max(LAST_PAGE)
    .optional()
    .describe('The number of a page, for clients that count pages. Means nothing beside a `cursor`, which is better.'),
  pageSize: pageSize.optional().describe('The same as `limit`, beside `page`.'),
}

/** What a page that was asked for by its number says besides. */
export const numbered = {
  total: z.int().optional().describe('How many fit in all. This and what follows: unless a `cursor` was given.'),
  page: z.int().optional(),
  pageSize: z.int().optional(),
  totalPages: z.int().optional(),
}

/** One page of a list, newest first. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    cursor: z.string().nullable().describe('Hand this in to get the next page; null on the last one.'),
    hasMore: z.boolean(),
  })
