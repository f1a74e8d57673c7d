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
import { htmlAround, type LiquidSource, type OutputToken } from './liquid-source.ts'

/** `html` escapes each value for the place where it stands; `plain` writes values as they are. */
export type PartKind = 'html' | 'plain'

/** Where a value is written to, which decides how. */
type Place = HtmlContext | 'plain'

/** Filters that have encoded their value for an address already. */
const ENCODES = new Set(['url_encode', 'cgi_escape', 'uri_escape'])

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
  const isEncoded = lastFilter !== undefined && ENCODES.has(lastFilter)
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
  const { html, outputs, values, gaps } = htmlAround(tokens)
  const contexts = htmlContexts(html, values, gaps)
  const places = new Map(outputs.map((output, index) => [output, contexts[index]]))
  // An output that nobody saw gets the place in which none may stand.
  return (output) => places.get(output) ?? 'script'
}
