import { toValue, type Liquid } from 'liquidjs'
import { handlerOf, type FilterThis, type Handler } from './handlers.ts'
import { RENDER_LIMITS } from './limits.ts'
import { textOf } from './text-filters.ts'

/**
 * What may stand behind a filter's colon. `path` names a field, `format` says how a date is written; `name` and `expression`
 * are read as Liquid, so the template has to say them itself and no value can.
 */
export type Argument = 'any' | 'path' | 'format' | 'zone' | 'name' | 'expression'

export interface FilterShape {
  args: readonly Argument[]
  /** How many of them may not be left out. */
  atLeast: number
}

const takes = (words: string): FilterShape => {
  const all = words.split(' ').filter(Boolean)
  return {
    args: all.map((word) => word.replace('?', '') as Argument), // Safe because the table below has no others.
    atLeast: all.filter((word) => !word.endsWith('?')).length,
  }
}

const SEARCH = 'path any?'
const BY_EXPRESSION = 'name expression'

/** Every filter that there is. One that liquidjs brings along and nobody has looked at is not among them. */
export const FILTERS: ReadonlyMap<string, FilterShape> = new Map(
  Object.entries({
    abs: '',
    append: 'any',
    array_to_sentence_string: 'any?',
    at_least: 'any',
    at_most: 'any',
    base64_decode: '',
    base64_encode: '',
    capitalize: '',
    ceil: '',
    cgi_escape: '',
    compact: '',
    concat: 'any',
    date: 'format? zone?',
    date_to_long_string: 'any? any?',
    date_to_rfc822: '',
    date_to_string: 'any? any?',
    date_to_xmlschema: '',
    default: 'any?',
    divided_by: 'any any?',
    downcase: '',
    escape: '',
    escape_once: '',
    find: SEARCH,
    find_exp: BY_EXPRESSION,
    find_index: SEARCH,
    find_index_exp: BY_EXPRESSION,
    first: '',
    floor: '',
    group_by: 'path',
    group_by_exp: BY_EXPRESSION,
    has: SEARCH,
    has_exp: BY_EXPRESSION,
    hmac_sha256: 'any',
    inspect: '',
    join: 'any?',
    json: '',
    jsonify: '',
    last: '',
    lstrip: 'any?',
    map: 'path',
    minus: 'any',
    modulo: 'any',
    newline_to_br: '',
    normalize_whitespace: '',
    number_of_words: 'any?',
    or_else: 'any any?',
    plus: 'any',
    pop: '',
    prepend: 'any',
    push: 'any',
    raw: '',
    reject: SEARCH,
    reject_exp: BY_EXPRESSION,
    remove: 'any',
    remove_first: 'any',
    remove_last: 'any',
    replace: 'any any?',
    replace_first: 'any any?',
    replace_last: 'any any?',
    reverse: '',
    round: 'any?',
    rstrip: 'any?',
    sha256: '',
    shift: '',
    size: '',
    slice: 'any any?',
    slugify: 'any? any?',
    sort: 'path?',
    sort_natural: 'path?',
    split: 'any',
    squish: '',
    strip: 'any?',
    strip_html: '',
    strip_newlines: '',
    sum: 'path?',
    times: 'any',
    to_integer: '',
    truncate: 'any? any?',
    truncatewords: 'any? any?',
    uniq: '',
    unshift: 'any',
    upcase: '',
    uri_escape: '',
    url_decode: '',
    url_encode: '',
    where: SEARCH,
    where_exp: BY_EXPRESSION,
    xml_escape: '',
  }).map(([name, words]) => [name, takes(words)]),
)

/** Gives an engine its filters: ours, or else those of liquidjs, each changed, and within the limits of the rendering. */
export function registerFilters(
  engine: Liquid,
  change: (name: string, handler: Handler) => Handler,
  own: Record<string, Handler>,
): void {
  for (const name of Object.keys(engine.filters)) engine.unregisterFilter(name)
  for (const [name, shape] of FILTERS) {
    const handler = limited(name, shape, change(name, own[name] ?? handlerOf(name)))
    Object.assign(engine.filters, { [name]: handler })
  }
}

/** Filters that look at no more than whether a value is there, or how long it is. */
const GLANCES = new Set(['size', 'default', 'or_else'])

/** A filter takes time in step with what it is given, so that neither that nor what it makes may be too large. */
function limited(name: string, { args }: FilterShape, handler: Handler): Handler {
  return function* (this: FilterThis, value, ...given): Generator {
    const { context } = this
    context.requireTime()
    const requireModest = (whole: unknown) => {
      if (!GLANCES.has(name)) context.requireModest(whole)
    }
    for (const whole of [value, ...given]) requireModest(whole)
    const read = given.map((argument, index) => readArgument(name, args[index] ?? 'any', argument))
    const result = yield handler.call(this, value, ...read)
    requireModest(result)
    if (typeof result === 'string') context.memoryLimit.use(result.length)
    return result
  }
}

function readArgument(filter: string, kind: Argument, value: unknown): unknown {
  if (kind === 'any' || value === undefined || value === null) return value
  const isLong = typeof toValue(value) === 'object' || textOf(value).length > RENDER_LIMITS.argumentChars
  if (kind === 'path' || kind === 'format') {
    if (!isLong) return textOf(value)
    const what = kind === 'path' ? 'the name of a field' : 'how a date is written'
    throw new Error(
      `The filter “${filter}” takes ${what}, a text of at most ${RENDER_LIMITS.argumentChars} characters.`,
    )
  }
  // A time zone that is none is for the filter to make the best of.
  return kind === 'zone' && isLong ? 'none' : value
}
