import type { HtmlContext } from './html-context.ts'

/** HTML that a filter made and that is put into the document as it is. */
export class SafeHtml {
  readonly html: string
  constructor(html: string) {
    this.html = html
  }
  toString(): string {
    return this.html
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string) // Safe because the pattern has only these.

/** A value as words: nothing for null and undefined, a date as ISO 8601, anything with parts as JSON. */
export function plainText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  if (value instanceof SafeHtml) return value.html
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return Array.isArray(value) ? value.map(plainText).join(', ') : (JSON.stringify(value) ?? '')
}

/** What a link of a mail may lead to. Anything else, such as `javascript:`, is left out. */
const SAFE_SCHEME = /^(?:https?|mailto|tel|sms|cid|webcal):/i
/** Has a scheme: something before the first of `:/?#` that ends in a colon. Control characters are skipped by readers. */
// oxlint-disable-next-line no-control-regex
const wayOf = (url: string) => url.replace(/[\u0000-\u0020]/g, '')

function safeUrl(url: string): string {
  const way = wayOf(url)
  if (/^[^/?#]*:/.test(way) && !SAFE_SCHEME.test(way)) return '#'
  return url.trim().replace(/[\s"'<>\\^`{|}]/g, encodeURIComponent)
}

const inPath = (text: string) => encodeWhole(text).replace(/%(?:2F|3A|40|2C|3B|2B|3D|24|26|25)/g, decodeURIComponent)

/** As `encodeURIComponent`, but a half of a surrogate pair does not throw. */
const encodeWhole = (text: string) => encodeURIComponent(text.toWellFormed())

/** Nothing that could end the declaration or fetch something. */
const inCss = (text: string) => text.replace(/[;{}<>"'\\@]|url\s*\(|expression\s*\(|\/\*/gi, '')

const WRITERS: Record<HtmlContext, (value: unknown, isEncoded: boolean) => string> = {
  text: (value) =>
    Array.isArray(value)
      ? value.map((item) => `<li>${escapeHtml(plainText(item))}</li>`).join('')
      : escapeHtml(plainText(value)),
  attribute: (value) => escapeHtml(plainText(value)),
  bare: (value) => escapeHtml(plainText(value)).replace(/[\s=`/]/g, (char) => `&#${char.charCodeAt(0)};`),
  url: (value) => escapeHtml(safeUrl(plainText(value))),
  'url-path': (value, isEncoded) => escapeHtml(isEncoded ? plainText(value) : inPath(plainText(value))),
  'url-query': (value, isEncoded) => escapeHtml(isEncoded ? plainText(value) : encodeWhole(plainText(value))),
  css: (value) => escapeHtml(inCss(plainText(value))),
}

/**
 * Writes a value into an HTML document so that it is nothing but a value there. A list in text becomes the items of a
 * list. `isEncoded` says that a filter has encoded it for an address.
 */
export function escapeFor(context: HtmlContext, value: unknown, isEncoded = false): string {
  if (value instanceof SafeHtml) return context === 'text' ? value.html : wordsOf(value)
  return WRITERS[context](value, isEncoded)
}

/** Its words alone, for an attribute; they are escaped already but for quotes that are the author's own. */
const wordsOf = ({ html }: SafeHtml) =>
  html.replace(/<[^>]*>/g, '').replace(/["'<>]/g, (char) => ENTITIES[char] as string) // Safe because each of these has its entity.
