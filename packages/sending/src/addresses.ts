import { domainToASCII } from 'node:url'

export interface Mailbox {
  email: string
  name?: string | undefined
}

/** RFC 5321, section 4.5.3.1: 64 for the local part, 255 for the domain, and the @. */
const LONGEST_ADDRESS = 320
const PRINTABLE = /^[\x21-\x7e]+$/
// A space belongs only into a quoted local part, angle brackets into none that SMTP would carry safely.
const LOCAL_PART = /^(?:[^\s"<>@(),:;[\\\]]+|"[^"\\<>\r\n]+")$/

/**
 * The form of an address that every server takes: the domain as A-labels (RFC 5890), all in ASCII.
 * Undefined where there is none, as for letters outside ASCII before the @, which would need SMTPUTF8.
 */
export function asciiAddress(address: string): string | undefined {
  if (address.length > LONGEST_ADDRESS) return undefined
  const at = address.lastIndexOf('@')
  const local = address.slice(0, Math.max(at, 0))
  const domain = asciiDomain(address.slice(at + 1))
  if (domain === undefined || !/^[\x20-\x7e]+$/.test(local) || !LOCAL_PART.test(local)) return undefined
  return `${local}@${domain}`
}

function asciiDomain(domain: string): string | undefined {
  if (domain === '' || /[\s"(),/:;<>@\\]/.test(domain)) return undefined
  if (PRINTABLE.test(domain)) return domain.toLowerCase()
  return domainToASCII(domain) || undefined
}
