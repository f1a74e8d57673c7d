import { CaptureTag, filters, Liquid, Token, type Context } from 'liquidjs'
import { escapeFor, escapeHtml, linkInText, plainText, SafeHtml } from './escape.ts'
import { HTML_CONTEXTS } from './html-context.ts'
import { RENDER_LIMITS } from './limits.ts'
import { placeFilter } from './rewrite.ts'
import { textOfHtml } from './text-part.ts'

/** What each rendering is told beside the variables. */
export interface Surroundings {
  /** An IANA name; dates are shown in it. */
  timeZone: string
  /** What `now` means, so that rendering again gives the same bytes. */
  now: Date
  /** Nobody gets it: what a mail makes the best of is named as a mistake. */
  isTrial?: boolean
}

/** The key of the surroundings among a rendering's globals; no template can name it. */
export const SURROUNDINGS = Symbol('surroundings')

/** Tags that would read files, or write values past the escaping. */
const REFUSED_TAGS = ['include', 'render', 'layout', 'block', 'echo', 'liquid', 'cycle', 'increment', 'decrement']

// Places are told from what the author wrote. liquidjs would count the lines before each variable anew, so that reading
// took the square of the length.
Token.prototype.getPosition = () => [1, 1]

interface FilterThis {
  context: Context
}

/** The engine for HTML, in which what a filter or a block has made of escaped values is not escaped again. */
export function htmlEngine(): Liquid {
  const engine = newEngine()
  for (const context of HTML_CONTEXTS) {
    engine.registerFilter(placeFilter(context), (value: unknown, isEncoded?: boolean) =>
      escapeFor(context, value, isEncoded),
    )
  }
  // What is escaped on its way out must not be escaped before.
  engine.registerFilter('escape', (value: unknown) => value)
  engine.registerFilter('xml_escape', (value: unknown) => value)
  engine.registerFilter('escape_once', (value: unknown) =>
    value instanceof SafeHtml ? value : new SafeHtml(escapeOnce(plainText(value))),
  )
  engine.registerFilter('newline_to_br', (value: unknown) => {
    const html = value instanceof SafeHtml ? value.html : escapeHtml(plainText(value))
    return new SafeHtml(html.replace(/\r?\n/g, '<br>\n'))
  })
  engine.registerTag('capture', SafeCapture)
  return engine
}

/** The engine for subjects and text parts, where nothing is escaped. */
export function plainEngine(): Liquid {
  const engine = newEngine()
  engine.registerFilter(placeFilter('plain'), plainText)
  engine.registerFilter(placeFilter('link'), linkInText)
  engine.registerFilter(placeFilter('raw'), (value: unknown) => textOfHtml(plainText(value)))
  for (const name of ['escape', 'xml_escape', 'escape_once', 'newline_to_br']) {
    engine.registerFilter(name, (value: unknown) => value)
  }
  return engine
}

function newEngine(): Liquid {
  const engine = new Liquid({
    // Only what a contact or a call has of its own, never what JavaScript's objects bring along.
    ownPropertyOnly: true,
    // As in Plunk: 0, false and empty text are false.
    jsTruthy: true,
    strictFilters: true,
    strictVariables: false,
    dynamicPartials: false,
    cache: false,
    timezoneOffset: 0,
    parseLimit: RENDER_LIMITS.sourceChars,
    renderLimit: RENDER_LIMITS.renderMs,
    memoryLimit: RENDER_LIMITS.memoryUnits,
  })
  for (const name of REFUSED_TAGS) delete engine.tags[name]
  engine.registerFilter('or_else', orElse)
  for (const name of [
    'date',
    'date_to_string',
    'date_to_long_string',
    'date_to_xmlschema',
    'date_to_rfc822',
  ] as const) {
    engine.registerFilter(name, inTimeZone(name))
  }
  for (const name of ['url_encode', 'cgi_escape', 'uri_escape', 'url_decode', 'base64_decode'] as const) {
    engine.registerFilter(name, orAsWritten(name))
  }
  return engine
}

/** What `??` means: the fallback where there is no value, or an empty one. A named fallback that has none is a word. */
function orElse(value: unknown, fallback: unknown, word?: string): unknown {
  if (value !== undefined && value !== null && value !== '') return value
  return (fallback === undefined || fallback === null || fallback === '') && word !== undefined ? word : fallback
}

/** Liquid's filter, except that a value which it cannot read stays as it is: no value of one recipient may stop a mail. */
function orAsWritten(name: 'url_encode' | 'cgi_escape' | 'uri_escape' | 'url_decode' | 'base64_decode') {
  const handler = filters[name] as (this: FilterThis, text: string) => unknown // Safe because it is a filter.
  return function (this: FilterThis, value: unknown): unknown {
    const text = plainText(value).toWellFormed()
    try {
      return handler.call(this, text)
    } catch {
      return text
    }
  }
}

type DateFilter = 'date' | 'date_to_string' | 'date_to_long_string' | 'date_to_xmlschema' | 'date_to_rfc822'

/** Liquid's filter, with the project's time zone and the mail's own time in the place of the machine's. */
function inTimeZone(name: DateFilter) {
  return function (this: FilterThis, value: unknown, ...args: unknown[]): unknown {
    const { timeZone, now, isTrial } = surroundingsOf(this.context)
    const moment = value === 'now' || value === 'today' ? now : value
    const opts = { ...this.context.opts, timezoneOffset: timeZone }
    const context = Object.create(this.context, { opts: { value: opts } }) as Context // Safe because it is the same but for its options.
    const handler = filters[name] as (this: FilterThis, value: unknown, ...args: unknown[]) => unknown // Safe because it is a filter.
    const shown = (...given: unknown[]) => handler.call({ ...this, context }, moment, ...given)
    try {
      return shown(...args)
    } catch (error) {
      // A time zone that a value names and nobody knows.
      if (isTrial === true) throw error
      return shown(args[0])
    }
  }
}

function surroundingsOf({ globals }: Context): Surroundings {
  return (globals as { [SURROUNDINGS]?: Surroundings })[SURROUNDINGS] ?? { timeZone: 'UTC', now: new Date(0) }
}

const escapeOnce = (text: string) => escapeHtml(text).replace(/&amp;(#\d+|#x[\da-f]+|\w+);/gi, '&$1;')

/** What is captured in HTML has been escaped already. */
class SafeCapture extends CaptureTag {
  override *render(ctx: Context): Generator<unknown, void, string> {
    const html = yield this.liquid.renderer.renderTemplates(this.templates, ctx)
    ctx.bottom()[this.variable] = new SafeHtml(html)
  }
}
