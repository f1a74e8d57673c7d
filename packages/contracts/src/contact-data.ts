import { z } from 'zod'
import { dataRecord, Json } from './primitives.ts'

/**
 * What every mail of Plunk's has by itself: a fact of the same name could never be seen, or would hide it. What only ours
 * have, such as `project`, is not among them, since Plunk's clients may use it; a template finds it under `data`.
 */
export const RESERVED_KEYS = new Set([
  'id',
  'email',
  'plunk_id',
  'plunk_email',
  'unsubscribeUrl',
  'subscribeUrl',
  'manageUrl',
])

/** How data comes to a contact, in words for descriptions. */
export const MERGING =
  'merged key by key, `null` deletes, and `""` changes nothing. ' +
  `${[...RESERVED_KEYS].map((key) => `\`${key}\``).join(', ')} are reserved, and \`locale\` is text.`

const Wrapped = z.strictObject({ value: z.string().nullable(), persistent: z.boolean() })

/** Facts of a contact: free-form, but for the few keys that mean something to Posthorn. */
export const contactData = () =>
  dataRecord(Json).superRefine((data, ctx) => {
    const refuse = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message })
    for (const [key, value] of Object.entries(data)) {
      if (RESERVED_KEYS.has(key))
        refuse(key, `\`${key}\` is reserved, since every contact has its own; pick another name.`)
      if (key === 'locale' && !isLocale(value)) refuse(key, '`locale` is text such as `de` or `pt-BR`.')
    }
  })

function isLocale(given: unknown): boolean {
  if (typeof given === 'string' || given === null) return true
  return Wrapped.safeParse(given).success
}
