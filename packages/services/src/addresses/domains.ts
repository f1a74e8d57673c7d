import { disposableEmailBlocklistSet } from 'disposable-email-domains-js'
import providers from 'email-providers/all.json' with { type: 'json' }
import { distance } from 'fastest-levenshtein'

/** The list of providers has the domain on it that stands for any in examples (RFC 2606). */
const PROVIDERS = new Set<string>(providers.filter((domain) => domain !== 'example.com'))

const DISPOSABLE: ReadonlySet<string> = disposableEmailBlocklistSet()

/** Those of the disposable ones whose subdomains belong to others each, by the Public Suffix List. */
const SHARED = new Set(['dns.army', 'dns.navy', 'v6.army', 'v6.navy', 'v6.rocks'])

/**
 * The providers that most people have their mailbox with, and so those whose names are mistyped. Only long names: a
 * short one is a letter away from domains that mean themselves.
 */
const FAMILIAR = [
  'gmail.com',
  'googlemail.com',
  'yahoo.com',
  'yahoo.co.uk',
  'hotmail.com',
  'hotmail.co.uk',
  'outlook.com',
  'icloud.com',
  't-online.de',
  'proton.me',
  'protonmail.com',
  'orange.fr',
  'wanadoo.fr',
  'libero.it',
  'comcast.net',
  'verizon.net',
  'yandex.ru',
]

/** Domains that are a letter away from a familiar one and mean themselves. */
const MEANT = new Set(['mail.com', 'email.com', 'ymail.com'])

/** Parts before the @ that name an office (RFC 2142 and what is common beside it). */
const OFFICES = new Set(
  `abuse accounting admin administrator billing careers compliance contact dev devnull dns ftp hello help helpdesk
  hostmaster hr info it jobs legal list list-request mail mailer-daemon marketing media news newsletter no-reply noc
  noreply office orders postmaster press privacy root sales security service spam support sysadmin team tech trouble
  usenet uucp webmaster www`
    .trim()
    .split(/\s+/),
)

/** Who hands out addresses for a few minutes does so below their domain as well. */
export function isDisposable(domain: string): boolean {
  if (DISPOSABLE.has(domain)) return true
  for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
    const parent = domain.slice(dot + 1)
    if (DISPOSABLE.has(parent) && !SHARED.has(parent)) return true
  }
  return false
}
export const isProvider = (domain: string): boolean => PROVIDERS.has(domain)
export const isOffice = (localPart: string): boolean => OFFICES.has(localPart)

/** The familiar domain that was probably meant, where one letter or two swapped ones are all that differs. */
export function meantDomain(domain: string): string | undefined {
  // A domain that somebody has mailboxes at is not a mistake, however like another it is.
  if (FAMILIAR.includes(domain) || MEANT.has(domain)) return undefined
  return FAMILIAR.find((familiar) => distance(domain, familiar) === 1 || isSwapped(domain, familiar))
}

function isSwapped(one: string, other: string): boolean {
  if (one.length !== other.length) return false
  const at = one.split('').findIndex((char, index) => char !== other[index])
  const swapped = `${one.slice(0, at)}${one[at + 1] ?? ''}${one[at] ?? ''}${one.slice(at + 2)}`
  return at >= 0 && swapped === other
}
