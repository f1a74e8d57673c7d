import { escapeHtml, plainText, SafeHtml } from './escape.ts'
import { handlerOf, type FilterThis, type Handler } from './handlers.ts'
import { listOf } from './sort-filters.ts'
import { textOf } from './text-filters.ts'

/** Filters that take nothing but blanks away, which leaves markup what it is. */
const TRIMS = new Set(['strip', 'lstrip', 'rstrip', 'squish', 'strip_newlines', 'normalize_whitespace'])

const same = (value: unknown): unknown => value

/** Filters that know of markup. */
const OWN: Record<string, Handler> = {
  raw: same,
  // What is escaped on its way out must not be escaped before.
  escape: same,
  xml_escape: same,
  escape_once: (value) => (value instanceof SafeHtml ? value : new SafeHtml(escapeOnce(plainText(value)), 'filter')),
  newline_to_br: (value) => new SafeHtml(htmlOf(value).replace(/\r?\n/g, '<br>\n'), 'filter'),
  append: (value, other) => joined([value, other]),
  prepend: (value, other) => joined([other, value]),
  join: (value, separator = ' ') =>
    joined(listOf(value).flatMap((item, index) => (index === 0 ? [item] : [separator, item]))),
  default(value, fallback, ...options) {
    if (value instanceof SafeHtml) return value.html === '' ? fallback : value
    return handlerOf('default').call(this, value, fallback, ...options)
  },
}

/** Filters that put values into lists, as they are. */
const LISTS = new Set(['push', 'unshift', 'concat'])

/** Filters that answer one of the values that they are given. */
const CHOICES = new Set(['or_else'])

/**
 * Filters for HTML. What a block or a filter has made of escaped values stays markup when it is trimmed or joined. Any other
 * filter is given its words, and what it makes of them is text: half a tag or half an entity would be neither.
 */
export function forMarkup(name: string, handler: Handler): Handler {
  const own = OWN[name]
  return function* (this: FilterThis, value, ...args): Generator {
    if (ALWAYS.has(name) && own !== undefined) return own.call(this, value, ...args)
    if (!hasMarkup(value) && !args.some(hasMarkup)) return yield handler.call(this, value, ...args)
    if (own !== undefined) return own.call(this, value, ...args)
    if (CHOICES.has(name)) return yield handler.call(this, value, ...args)
    if (LISTS.has(name)) return yield handler.call(this, listed(value), ...args.map(name === 'concat' ? listed : same))
    if (TRIMS.has(name) && args.length === 0 && value instanceof SafeHtml) {
      const trimmed = (text: string) => textOf(handler.call(this, text))
      return value.isText ? SafeHtml.ofText(trimmed(value.text)) : new SafeHtml(trimmed(value.html), value.madeBy)
    }
    return asText(yield handler.call(this, words(value), ...args.map(words)))
  }
}

/** Those that mean something else in HTML, whatever they are given. */
const ALWAYS = new Set(['escape', 'xml_escape', 'escape_once', 'newline_to_br'])

const hasMarkup = (value: unknown): boolean =>
  value instanceof SafeHtml || (Array.isArray(value) && value.some((item) => item instanceof SafeHtml))

const listed = (value: unknown): unknown => (value instanceof SafeHtml ? [value] : value)
const words = (value: unknown): unknown => (value instanceof SafeHtml ? value.text : value)

const htmlOf = (value: unknown): string => (value instanceof SafeHtml ? value.html : escapeHtml(textOf(value)))

/** Pieces as one, of which only markup is not escaped any more. */
function joined(pieces: readonly unknown[]): SafeHtml {
  const isText = pieces.every((piece) => !(piece instanceof SafeHtml) || piece.isText)
  return isText ? SafeHtml.ofText(pieces.map(textOf).join('')) : new SafeHtml(pieces.map(htmlOf).join(''), 'filter')
}

function asText(result: unknown): unknown {
  if (typeof result === 'string') return SafeHtml.ofText(result)
  return Array.isArray(result)
    ? result.map((item) => (typeof item === 'string' ? SafeHtml.ofText(item) : item))
    : result
}

const escapeOnce = (text: string) => escapeHtml(text).replace(/&amp;(#\d+|#x[\da-f]+|\w+);/gi, '&$1;')
