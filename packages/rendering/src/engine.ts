import { CaptureTag, defaultOperators, Liquid, type Context } from 'liquidjs'
import { dateFilters } from './date-filters.ts'
import { SafeHtml } from './escape.ts'
import { registerFilters } from './filters.ts'
import { handlerOf, type Handler } from './handlers.ts'
import { RENDER_LIMITS } from './limits.ts'
import { forMarkup } from './markup-filters.ts'
import { forValue, renderTemplates, type RenderContext } from './render.ts'
import { firstPlaceOf } from './search.ts'
import { sortFilters } from './sort-filters.ts'
import { codingFilters, searchFilters } from './text-filters.ts'

/** Tags that would read files, or write values past the escaping. */
const REFUSED_TAGS = ['include', 'render', 'layout', 'block', 'echo', 'liquid', 'cycle', 'increment', 'decrement']

/** The engine for HTML, in which what a filter or a block has made of escaped values is not escaped again. */
export const htmlEngine = (): Liquid => newEngine({ change: forMarkup, captured: (html) => new SafeHtml(html) })

/** The engine for subjects and text parts, where nothing is escaped. */
export const plainEngine = (): Liquid => newEngine({ change: unescaped, captured: (text) => text })

interface Kind {
  change: (name: string, handler: Handler) => Handler
  /** What a block is as a value. */
  captured: (text: string) => unknown
}

const ESCAPES = new Set(['escape', 'xml_escape', 'escape_once', 'newline_to_br'])

const unescaped: Kind['change'] = (name, handler) => (ESCAPES.has(name) ? (value) => value : handler)

function newEngine({ change, captured }: Kind): Liquid {
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
    // Not that of the machine.
    locale: 'en-US',
    operators: { ...defaultOperators, '==': compared('=='), '!=': compared('!='), contains },
    memoryLimit: RENDER_LIMITS.memoryUnits,
  })
  // Ours knows the places of what it renders, and how much that may be.
  Object.assign(engine.renderer, { renderTemplates })
  for (const name of REFUSED_TAGS) delete engine.tags[name]
  registerFilters(engine, change, { ...OWN, ...searchFilters, ...codingFilters, ...sortFilters, ...dateFilters })
  engine.registerTag('capture', captureAs(captured))
  return engine
}

const OWN: Record<string, Handler> = {
  raw: (value) => value,
  or_else: orElse,
  divided_by: finite('divided_by'),
  modulo: finite('modulo'),
  // Of a list that holds itself nothing is known here.
  inspect: (value) => JSON.stringify(value),
}

/** Nothing where it would be no number, as behind a division by zero, which a value can bring. */
function finite(name: string): Handler {
  const handler = handlerOf(name)
  return function (...given) {
    const result = handler.apply(this, given)
    return Number.isFinite(result) ? result : undefined
  }
}

/** What `??` means: the fallback where there is no value, or an empty one. A named fallback that has none is a word. */
function orElse(value: unknown, fallback: unknown, word?: unknown): unknown {
  if (!isMissing(value)) return value
  return isMissing(fallback) && word !== undefined ? word : fallback
}

const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (value instanceof SafeHtml && value.html === '')

/** Liquid's operator, for what can be gone through in no time: two lists are compared item by item, nothing else is. */
function compared(name: '==' | '!=') {
  return function* (one: unknown, other: unknown, context: Context): Generator<unknown, boolean> {
    const rendering = context as RenderContext // Safe because every rendering has our context.
    if (Array.isArray(one) && Array.isArray(other)) for (const list of [one, other]) rendering.requireModest(list)
    return (yield defaultOperators[name]?.(one, other, context)) === true
  }
}

/** Liquid's operator, in time in step with both texts. */
function* contains(whole: unknown, part: unknown, context: Context): Generator<unknown, boolean> {
  const [text, sought] = [whole, part].map((value) => (value instanceof SafeHtml ? value.text : value))
  if (typeof text === 'string' && typeof sought === 'string') return firstPlaceOf(sought, text) >= 0
  return (yield defaultOperators['contains']?.(text, sought, context)) === true
}

function captureAs(captured: Kind['captured']): typeof CaptureTag {
  return class extends CaptureTag {
    override *render(context: RenderContext): Generator<unknown, void, string> {
      const text = yield renderTemplates(this.templates, context, forValue())
      context.memoryLimit.use(text.length)
      context.bottom()[this.variable] = captured(text)
    }
  }
}
