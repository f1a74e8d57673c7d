import { z } from 'zod'
import { headerText } from './header-text.ts'
import { LIMITS } from './limits.ts'

// Posthorn writes these itself; a second one would change who the mail is from, to, or about.
const OWN_HEADERS = new Set([
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'return-path',
  'received',
  'dkim-signature',
  'authentication-results',
  'feedback-id',
  'delivered-to',
])
const OWN_PREFIXES = ['content-', 'arc-', 'resent-', 'x-posthorn-', 'received-']

/** Whether a header belongs to Posthorn and cannot be set by a caller. */
export function isOwnHeader(name: string): boolean {
  const lower = name.toLowerCase()
  return OWN_HEADERS.has(lower) || OWN_PREFIXES.some((prefix) => lower.startsWith(prefix))
}

/** A header field name (RFC 5322, section 2.2) that callers may set. */
export const HeaderName = z
  .string()
  .min(1)
  .max(LIMITS.headerNameLength)
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: 'Not a header name.' })
  .refine((name) => !isOwnHeader(name), { error: 'Posthorn sets this header itself.' })
  .refine((name) => name !== '__proto__', { error: 'Not a header name.' })

/** Headers of a caller's own by name, each name once in whatever case (RFC 5322, section 1.2.2). */
export const OwnHeaders = z
  .record(HeaderName, headerText(LIMITS.headerValueLength))
  .refine((headers) => Object.keys(headers).length <= LIMITS.headersPerEmail, {
    error: `At most ${LIMITS.headersPerEmail} headers.`,
  })
  .superRefine((headers, ctx) => {
    const written = new Map<string, string>()
    for (const name of Object.keys(headers)) {
      const before = written.get(name.toLowerCase())
      if (before === undefined) written.set(name.toLowerCase(), name)
      else {
        const message = `\`${before}\` and \`${name}\` are the same header, since case does not count; give one.`
        ctx.addIssue({ code: 'custom', path: [name], message })
      }
    }
  })
