import { Parser } from 'htmlparser2'
import { Drop, toValue } from 'liquidjs'
import type { HTML_CONTEXTS } from './html-context.ts'

/**
 * HTML that a filter or a block made and that is put into the document as it is. To all that asks for its value, such as a
 * comparison, it is its words, without tags.
 */
export class SafeHtml extends Drop {
  readonly html: string
  #text: string | undefined
  #isText = false
  /** A block may be several parts of an address, and what a filter put together is one. */
  readonly madeBy: 'block' | 'filter'
  constructor(html: string, madeBy: 'block' | 'filter' = 'block') {
    super()
    this.html = html
    this.madeBy = madeBy
  }
  /** Text that was made of HTML. It stays escaped whatever its author says of it, since values may be in it. */
  static ofText(text: string): SafeHtml {
    const made = new SafeHtml(escapeHtml(text), 'filter')
    made.#text = text
    made.#isText = true
    return made
  }
  /** Whether it holds no tags of its author, so that it is written like any other text. */
  get isText(): boolean {
    return this.#isText
  }
  get text(): string {
    return (this.#text ??= decoded(wordsOf(this)))
  }
  override valueOf(): string {
    return this.text
  }
  override toString(): string {
    return this.text
  }
  toJSON(): string {
    return this.text
  }
}

/** Text without tags, as readers see it. */
function decoded(words: string): string {
  let text = ''
  new Parser({ ontext: (piece) => (text += piece) }, { decodeEntities: true }).end(words)
  return text
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Sign by sign, which is ten times as fast as a function that is called for each. */
export function escapeHtml(text: string): string {
  let html = text
  for (const [sign, entity] of Object.entries(ENTITIES)) html = html.replaceAll(sign, entity)
  return html
}

/** A value as words: nothing for null and undefined, a date as ISO 8601, anything with parts as JSON. */
export function plainText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  if (value instanceof Drop) return plainText(toValue(value))
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return Array.isArray(value) ? value.map(plainText).join(', ') : (JSON.stringify(value) ?? '')
}

/** What a link of a mail may lead to. Anything else, such as `javascript:`, is left out. */
const SAFE_SCHEME = /^(?:https?|mailto|tel|sms|cid|webcal):/i

/** Whether it has a scheme, which is what ends in a colon before the first of `/?#`, and one that is none of ours. */
function isUnsafe(url: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what readers skip
  const way = url.replace(/[\u0000-\u0020]/g, '')
  return /^[^/?#]*:/.test(way) && !SAFE_SCHEME.test(way)
}

const inUrl = (url: string) => url.trim().replace(/[\s"'<>\\^`{|}]/g, encodeURIComponent)

/** Without a scheme that is none of ours: what stands before it may have been empty, and then it would begin the address. */
function inNext(text: string): string {
  if (!isUnsafe(text)) return inUrl(text)
  const [beginning = ''] = /^[^/?#]*/.exec(text) ?? []
  return inUrl(beginning.replaceAll(':', '%3A') + text.slice(beginning.length))
}

const inPath = (text: string) => encodeWhole(text).replace(/%(?:2F|3A|40|2C|3B|2B|3D|24|26|25)/g, decodeURIComponent)

/** As `encodeURIComponent`, but a half of a surrogate pair does not throw. */
const encodeWhole = (text: string) => encodeURIComponent(text.toWellFormed())

/** Functions of CSS that reckon and fetch nothing, whatever stands before them. */
const CSS_FUNCTION =
  /^(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|calc|min|max|clamp|var|env|(?:repeating-)?(?:linear|radial|conic)-gradient|translate|rotate|scale)\($/i

/**
 * Nothing that could end the declaration or fetch something. A parenthesis stays only behind the name of a function that is
 * known, since another value may have begun the name. What is left out leaves a blank, so that nothing is joined.
 */
const inCss = (text: string) =>
  text
    .replace(/[;{}<>"'\\@]/g, '')
    .replace(/(?:java|vb)script\s*:|\/\*/gi, ' ')
    .replace(/(?<![\w-])[\w-]*\(/g, (whole) => (CSS_FUNCTION.test(whole) ? whole : ' '))

const inBare = (text: string) => escapeHtml(text).replace(/[\s=`/]/g, (char) => `&#${char.charCodeAt(0)};`)

const isJsonLiteral = (value: unknown) =>
  value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))

/** Without the signs that could end the script in which it stands. */
const inScript = (json: string) =>
  json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

const inJson = (value: unknown) => inScript(JSON.stringify(value))

type Writer = (value: unknown, isEncoded: boolean) => string

const WRITERS: Record<(typeof HTML_CONTEXTS)[number], Writer> = {
  text: (value) =>
    Array.isArray(value)
      ? value.map((item) => `<li>${escapeHtml(plainText(item))}</li>`).join('')
      : escapeHtml(plainText(value)),
  attribute: (value) => escapeHtml(plainText(value)),
  bare: (value) => inBare(plainText(value)),
  tag: (value) => inBare(plainText(value).replaceAll(':', '')),
  url: (value) => escapeHtml(isUnsafe(plainText(value)) ? '#' : inUrl(plainText(value))),
  'url-next': (value) => escapeHtml(inNext(plainText(value))),
  'url-word': (value) => {
    const text = plainText(value)
    return escapeHtml(text.trim() !== '' && isUnsafe(`${text}:`) ? '#' : inUrl(text))
  },
  'url-path': (value, isEncoded) => escapeHtml(isEncoded ? plainText(value) : inPath(plainText(value))),
  'url-query': (value, isEncoded) => escapeHtml(isEncoded ? plainText(value) : encodeWhole(plainText(value))),
  css: (value) => escapeHtml(inCss(plainText(value))),
  'css-bare': (value) => inBare(inCss(plainText(value))),
  json: (value, isEncoded) =>
    isEncoded ? inScript(plainText(value) || 'null') : inJson(isJsonLiteral(value) ? value : plainText(value)),
  'json-string': (value) => inJson(plainText(value)).slice(1, -1),
}

/**
 * Writes a value into an HTML document so that it is nothing but a value there. A list in text becomes the items of a
 * list. `isEncoded` says that a filter has encoded it for such a place.
 */
export function escapeFor(context: (typeof HTML_CONTEXTS)[number], value: unknown, isEncoded = false): string {
  if (!(value instanceof SafeHtml) || value.isText) return WRITERS[context](value, isEncoded)
  if (context === 'text') return value.html
  const words = wordsOf(value)
  if (context === 'attribute') return words
  // A part of an address that was put together may have several parameters, which are no longer to be told apart.
  if (value.madeBy === 'block' && (context === 'url-path' || context === 'url-query')) {
    return words.replace(/\s/g, encodeURIComponent)
  }
  return WRITERS[context](
    words.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => SIGNS.get(entity) ?? entity),
    isEncoded,
  )
}

const SIGNS = new Map(Object.entries(ENTITIES).map(([sign, entity]) => [entity, sign]))

/** Its words alone, for an attribute; they are escaped already but for quotes that are the author's own. */
function wordsOf({ html }: SafeHtml): string {
  let words = ''
  let at = 0
  while (at < html.length) {
    const begin = html.indexOf('<', at)
    const end = begin < 0 ? -1 : html.indexOf('>', begin)
    words += html.slice(at, end < 0 ? html.length : begin)
    at = end < 0 ? html.length : end + 1
  }
  return words.replace(/["'<>]/g, (char) => ENTITIES[char] as string) // Safe because each of these has its entity.
}

/** A value whose author says that it is HTML. */
export function trustedHtml(value: unknown): string {
  if (value instanceof SafeHtml) return value.html
  return Array.isArray(value) ? value.map(trustedHtml).join('') : plainText(value)
}
