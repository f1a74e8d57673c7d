import type { Context } from 'liquidjs'
import { plainText } from './escape.ts'
import { handlerOf, type FilterThis, type Handler } from './handlers.ts'
import type { RenderContext } from './render.ts'

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

const NAMES = ['date', 'date_to_string', 'date_to_long_string', 'date_to_xmlschema', 'date_to_rfc822'] as const

/** Liquid's filters, with the project's time zone and the mail's own time in the place of the machine's. */
export const dateFilters: Record<string, Handler> = Object.fromEntries(NAMES.map((name) => [name, inTimeZone(name)]))

function inTimeZone(name: (typeof NAMES)[number]): Handler {
  const handler = handlerOf(name)
  return function (this: FilterThis, value: unknown, format?: unknown, zone?: unknown) {
    const { timeZone, now, isTrial } = surroundingsOf(this.context)
    const opts = { ...this.context.opts, timezoneOffset: timeZone }
    const context = Object.create(this.context, { opts: { value: opts } }) as RenderContext // Safe because it is the same but for its options.
    const shown = (...args: unknown[]) => handler.call({ ...this, context }, momentOf(value, now), ...args)
    const words = typeof format === 'string' && name === 'date' ? everywhere(format) : format
    try {
      return shown(words, zone)
    } catch (error) {
      // A time zone that a value names and nobody knows.
      if (isTrial === true) throw error
      return shown(words)
    }
  }
}

/** A time without a zone, which would be that of the machine. */
const LOCAL = /^\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*$/

function momentOf(value: unknown, now: Date): unknown {
  if (value === 'now' || value === 'today') return now
  return typeof value === 'string' ? value.replace(LOCAL, '$1T$2Z') : value
}

/** What liquidjs would write as the machine's language has it. */
const LOCALISED: Record<string, string> = { c: '%-m/%-d/%Y, %-I:%M:%S %p', x: '%-m/%-d/%Y', X: '%-I:%M:%S %p' }

const everywhere = (format: string): string =>
  format.replace(/%(?:%|[-_0^#:]*\d*[EO]?([cxX]))/g, (code, name?: string) => (name && LOCALISED[name]) ?? code)

function surroundingsOf({ globals }: Context): Surroundings {
  return (globals as { [SURROUNDINGS]?: Surroundings })[SURROUNDINGS] ?? { timeZone: 'UTC', now: new Date(0) }
}

const known = new Set<string>()

/** Throws RangeError for a time zone that nobody knows. */
export function requireTimeZone(value: unknown): void {
  const name = plainText(value)
  if (known.has(name)) return
  Intl.DateTimeFormat('en-US', { timeZone: name }).format(0)
  known.add(name)
}
