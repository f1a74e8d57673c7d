import { z } from 'zod'
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
