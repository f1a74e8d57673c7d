import {
  Parser,
  toValue,
  Tokenizer,
  TypeGuards,
  Value,
  type Emitter,
  type Liquid,
  type Template,
  type TopLevelToken,
} from 'liquidjs'
import { checkTags, checkTemplate, requireEnd } from './checks.ts'
import { escapeFor, plainText, SafeHtml, trustedHtml } from './escape.ts'
import { inLiquid } from './expression.ts'
import { htmlContexts, REFUSALS, type HtmlContext } from './html-context.ts'
import { at } from './liquid-mistakes.ts'
import type { RenderContext } from './render.ts'
import { htmlAround, type LiquidSource, type OutputToken, type TextToken } from './liquid-source.ts'

/** `html` escapes each value for the place where it stands; `plain` writes values as they are. */
export type PartKind = 'html' | 'plain'

/** Where a value is written to, which decides how. */
type Place = HtmlContext | 'plain'

/** Filters that have encoded their value for an address already. */
const ENCODES = new Set(['url_encode', 'cgi_escape', 'uri_escape'])

/** Filters that have made JSON of their value already. */
const MAKES_JSON = new Set(['json', 'jsonify'])

/** A placeholder, which writes its value as its place demands. There is no other way for a value into a mail. */
export class Placeholder implements Template {
  readonly token: OutputToken
  readonly value: Value
  readonly #write: (value: unknown) => string

  constructor(token: OutputToken, place: Place, engine: Liquid) {
    const tokenizer = new Tokenizer(inLiquid(token.content), engine.options.operators)
    this.token = token
    this.value = new Value(tokenizer.readFilteredValue(), engine)
    requireEnd(tokenizer)
    this.#write = writerFor(place, this.value.filters.at(-1)?.name)
  }

  *render(context: RenderContext, emitter: Emitter): Generator<unknown, void> {
    const value = yield this.value.value(context, false)
    context.requireModest(value)
    emitter.write(this.#write(value))
  }

  *arguments(): Generator<Value> {
    yield this.value
  }
}

function writerFor(place: Place, lastFilter: string | undefined): (value: unknown) => string {
  if (lastFilter === 'raw') return trustedHtml
  if (place === 'plain') return plainText
  if (isRefused(place)) throw new Error(REFUSALS[place])
  const isEncoded = lastFilter !== undefined && (place === 'json' ? MAKES_JSON : ENCODES).has(lastFilter)
  return (value) => escapeFor(place, value instanceof SafeHtml ? value : toValue(value), isEncoded)
}

const isRefused = (place: HtmlContext): place is keyof typeof REFUSALS => place in REFUSALS

/** Reads the tokens of a template. Throws errors of liquidjs with the token of the author’s that they come from. */
export function parseTemplates({ tokens, tags }: LiquidSource, kind: PartKind, engine: Liquid): Template[] {
  const templates = new PlacingParser(engine, placesIn(tokens, kind)).parseTokens([...tokens])
  checkTags(tags)
  return templates
}

/** liquidjs asks its parser for each template that there is, also for those inside tags. */
class PlacingParser extends Parser {
  readonly #engine: Liquid
  readonly #placeOf: (output: OutputToken) => Place

  constructor(engine: Liquid, placeOf: (output: OutputToken) => Place) {
    super(engine)
    this.#engine = engine
    this.#placeOf = placeOf
  }

  override parseToken(token: TopLevelToken, rest: TopLevelToken[]): ReturnType<Parser['parseToken']> {
    try {
      const template = TypeGuards.isOutputToken(token)
        ? new Placeholder(token, this.#placeOf(token), this.#engine)
        : super.parseToken(token, rest)
      checkTemplate(template, this.#engine)
      return template
    } catch (error) {
      throw at(token, error)
    }
  }
}

/** Where each output of a template stands. */
function placesIn(tokens: readonly TopLevelToken[], kind: PartKind): (output: OutputToken) => Place {
  if (kind === 'plain') return () => kind
  const { html, outputs, values, gaps, tokens: around } = htmlAround(tokens)
  const { contexts, inAttributes } = htmlContexts(html, values, gaps, (gap) => {
    const error = new Error(TOO_MANY_WAYS)
    throw around[gap] === undefined ? error : at(around[gap].token, error)
  })
  for (const index of inAttributes) endReference(around[index]?.before)
  const places = new Map(outputs.map((output, index) => [output, contexts[index]]))
  // An output that nobody saw gets the place in which none may stand.
  return (output) => places.get(output) ?? 'script'
}

const TOO_MANY_WAYS =
  'Up to here it can be read in too many ways. Close each tag in the condition, the loop or the capture that opens it, or make several templates of it.'

/** The beginning of a reference such as `&#58;`. */
const REFERENCE = /^&(?:#(?:x[\da-f]*|\d*)|[a-z\d]*)$/i

/** Writes an ampersand of the author's as itself, where it would begin a reference that a value could end: `&#5` `8;`. */
function endReference(text: TextToken | undefined): void {
  if (text === undefined) return
  const ended = (written: string) => {
    const begin = written.lastIndexOf('&')
    const isOpen = begin >= 0 && REFERENCE.test(written.slice(begin))
    return isOpen ? `${written.slice(0, begin)}&amp;${written.slice(begin + 1)}` : written
  }
  const [content, whole] = [text.getContent(), text.getText()].map(ended)
  Object.assign(text, { getContent: () => content, getText: () => whole })
}
