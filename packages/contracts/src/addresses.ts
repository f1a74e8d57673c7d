import { breaksHeader } from './header-text.ts'
import { LIMITS } from './limits.ts'

export interface Mailbox {
  email: string
  name?: string | undefined
}

export type Parsed<Value> = { ok: true; value: Value } | { ok: false; problem: string }

const refuse = (problem: string): Parsed<never> => ({ ok: false, problem })

// Dot-atom of RFC 5322, section 3.2.3. Quoted local parts are refused: mail programs disagree on where they end,
// and a disagreement sends mail to somebody else.
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/
const ASCII = /^[\u0020-\u007e]*$/
const LONGEST_DOMAIN = 253

/** The A-label form (RFC 5890) of a domain, lower-case, or undefined where there is none. */
export function normaliseDomain(text: string): string | undefined {
  const lower = text.trim().toLowerCase()
  const ascii = ASCII.test(lower) ? lower : toAscii(lower)
  return ascii !== undefined && ascii.length <= LONGEST_DOMAIN && DOMAIN.test(ascii) ? ascii : undefined
}

function toAscii(domain: string): string | undefined {
  // A slash or a colon would end the host name and the rest would vanish unseen; %41 would become a letter.
  if (/[/\\?#:@%\s]/.test(domain)) return undefined
  return URL.canParse(`http://${domain}/`) ? new URL(`http://${domain}/`).hostname : undefined
}

/** One address in the one form in which it is stored, compared and sent to. */
export function parseAddress(text: string): Parsed<string> {
  if (breaksHeader(text)) return refuse('Line breaks and control characters are not allowed here.')
  const address = text.trim()
  const at = address.lastIndexOf('@')
  if (at < 1) return refuse('Not an e-mail address: expected name@domain.')
  // Looked at before the case is folded: the Kelvin sign would become a k, and the address somebody else's.
  if (!ASCII.test(address.slice(0, at))) {
    return refuse('Letters outside ASCII before the @ cannot be delivered by every relay.')
  }
  const localPart = address.slice(0, at).toLowerCase()
  if (localPart.length > LIMITS.localPartLength) {
    return refuse(`At most ${LIMITS.localPartLength} characters before the @.`)
  }
  if (!LOCAL_PART.test(localPart)) return refuse('Not an e-mail address: the part before the @ is malformed.')
  const tooLong = `At most ${LIMITS.emailAddressLength} characters.`
  const domain = normaliseDomain(address.slice(at + 1))
  if (domain === undefined && address.length > LIMITS.emailAddressLength) return refuse(tooLong)
  if (domain === undefined) return refuse('Not an e-mail address: the domain after the @ is malformed.')
  const value = `${localPart}@${domain}`
  if (value.length > LIMITS.emailAddressLength) return refuse(tooLong)
  return { ok: true, value }
}

/** `ada@example.com` or `Ada Lovelace <ada@example.com>`, with or without quotes around the name. */
export function parseMailbox(text: string): Parsed<Mailbox> {
  if (breaksHeader(text)) return refuse('Line breaks and control characters are not allowed here.')
  const trimmed = text.trim()
  if (!trimmed.endsWith('>')) {
    const parsed = parseAddress(trimmed)
    return parsed.ok ? { ok: true, value: { email: parsed.value } } : parsed
  }
  const open = trimmed.lastIndexOf('<')
  if (open < 0) return refuse('Expected `Name <name@domain>`.')
  const parsed = parseAddress(trimmed.slice(open + 1, -1))
  if (!parsed.ok) return parsed
  const name = unquote(trimmed.slice(0, open).trim())
  if (/[<>]/.test(name)) return refuse('Expected one address: `Name <name@domain>`.')
  if (name.length > LIMITS.displayNameLength) return refuse(`At most ${LIMITS.displayNameLength} characters of name.`)
  return { ok: true, value: name === '' ? { email: parsed.value } : { email: parsed.value, name } }
}

/** Each address once, as it was first mentioned. */
export function distinctMailboxes(mailboxes: readonly Mailbox[]): Mailbox[] {
  const byAddress = new Map<string, Mailbox>()
  for (const mailbox of mailboxes) if (!byAddress.has(mailbox.email)) byAddress.set(mailbox.email, mailbox)
  return [...byAddress.values()]
}

function unquote(name: string): string {
  if (name.length < 2 || !name.startsWith('"') || !name.endsWith('"')) return name
  return name.slice(1, -1).replaceAll(/\\(.)/g, '$1')
}
