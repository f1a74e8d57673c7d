import { AssertionError, LiquidError, type Liquid, type Template } from 'liquidjs'
import { htmlEngine, plainEngine, SURROUNDINGS, type Surroundings } from './engine.ts'
import { RENDER_LIMITS } from './limits.ts'
import { rewrite } from './rewrite.ts'
import { requireModestTags } from './tag-limits.ts'
import { placeIn, TemplateError } from './template-error.ts'

export type Variables = Record<string, unknown>

export interface CompiledPart {
  /** The paths of the variables that it reads and does not make itself, such as `data.plan`. */
  variables: readonly string[]
  /** Writes it out once, within the time given; what values contain is never read as a template. Throws TemplateError. */
  render(variables: Variables, surroundings: Surroundings, limitMs?: number): string
}

const engines: { html?: Liquid; plain?: Liquid } = {}

/**
 * Reads a template once, so that each message costs only its rendering. `html` escapes each value for the place where
 * it stands; `plain` writes values as they are; `from-html` is plain text that was made of HTML. Throws TemplateError.
 */
export function compilePart(source: string, kind: 'html' | 'plain' | 'from-html'): CompiledPart {
  if (!isTemplate(source)) return { variables: [], render: () => source }
  const engine = kind === 'html' ? (engines.html ??= htmlEngine()) : (engines.plain ??= plainEngine())
  const { source: liquid, original, gaps } = rewrite(source, kind)
  requireModestTags(source, gaps)
  const located = (error: unknown) => locate(error, { source, original })
  let templates: Template[]
  let variables: string[]
  try {
    templates = engine.parse(liquid)
    variables = engine.globalFullVariablesSync(templates)
  } catch (error) {
    throw located(error)
  }
  return {
    variables,
    render(values, surroundings, limitMs = RENDER_LIMITS.renderMs) {
      let text: string
      try {
        const globals = { [SURROUNDINGS]: surroundings }
        text = String(engine.renderSync(templates, values, { globals, renderLimit: limitMs }))
      } catch (error) {
        throw located(error)
      }
      if (text.length <= RENDER_LIMITS.outputChars) return text
      throw new TemplateError(`It makes more than ${RENDER_LIMITS.outputChars} characters.`, { line: 1, column: 1 })
    },
  }
}

/** Whether there is anything in it to fill in. */
export const isTemplate = (source: string): boolean => source.includes('{{') || source.includes('{%')

function locate(error: unknown, where: { source: string; original: (place: number) => number }): TemplateError {
  // Its limits have no place when they end the reading.
  if (error instanceof AssertionError || error instanceof RangeError)
    throw new TemplateError(inWords(error.message), { line: 1, column: 1 })
  if (!LiquidError.is(error)) throw error
  const place = placeIn(where.source, where.original(error.token.begin))
  return new TemplateError(inWords(error.message.replace(/, line:\d+, col:\d+$/, '')), place, { cause: error })
}

const WORDS: readonly [RegExp, string][] = [
  [/^tag "(.+)" not found$/, 'There is no tag “$1” here.'],
  [/^tag (.+) not closed$/, 'The tag $1 is never closed.'],
  [/^output (.+) not closed$/, 'The placeholder $1 is never closed.'],
  [/^Invalid time zone specified: (.+)$/, 'There is no time zone “$1”.'],
  [/^undefined filter: in_script$/, 'A value may not stand in an attribute that is run, or read as a document.'],
  [/^undefined filter: (.+)$/, 'There is no filter “$1”.'],
  [/^invalid value expression: "?(.*?)"?$/, 'A placeholder has no name of a value in it.'],
  [/^memory alloc limit exceeded$/, 'It makes too much: a loop is too long, or a text too large.'],
  [/^template render limit exceeded$/, `It takes longer than ${RENDER_LIMITS.renderMs} ms.`],
  [/^Maximum call stack size exceeded$/, 'It is nested too deeply.'],
  [/^parse length limit exceeded$/, `It is longer than ${RENDER_LIMITS.sourceChars} characters.`],
]

function inWords(message: string): string {
  for (const [pattern, words] of WORDS) if (pattern.test(message)) return message.replace(pattern, words)
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}`
}
