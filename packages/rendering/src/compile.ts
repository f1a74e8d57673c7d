import { AssertionError, LiquidError, type Liquid, type Template } from 'liquidjs'
import { htmlEngine, plainEngine, SURROUNDINGS, type Surroundings } from './engine.ts'
import { RENDER_LIMITS } from './limits.ts'
import { rewrite } from './rewrite.ts'

/** What is wrong with a template, and where: lines and columns count from 1. */
export class TemplateError extends Error {
  readonly line: number
  readonly column: number
  constructor(message: string, place: { line: number; column: number }, options?: ErrorOptions) {
    super(message, options)
    this.line = place.line
    this.column = place.column
  }
}

export type Variables = Record<string, unknown>

export interface CompiledPart {
  /** The paths of the variables that it reads and does not make itself, such as `data.plan`. */
  variables: readonly string[]
  /** Writes it out once; what values contain is never read as a template. Throws TemplateError. */
  render(variables: Variables, surroundings: Surroundings): string
}

const engines: { html?: Liquid; plain?: Liquid } = {}

/**
 * Reads a template once, so that each message costs only its rendering. `html` escapes each value for the place where
 * it stands; `plain` writes values as they are; `from-html` is plain text that was made of HTML. Throws TemplateError.
 */
export function compilePart(source: string, kind: 'html' | 'plain' | 'from-html'): CompiledPart {
  if (!isTemplate(source)) return { variables: [], render: () => source }
  const engine = kind === 'html' ? (engines.html ??= htmlEngine()) : (engines.plain ??= plainEngine())
  const { source: liquid, original } = rewrite(source, kind)
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
    render(values, surroundings) {
      let text: string
      try {
        text = String(engine.renderSync(templates, values, { globals: { [SURROUNDINGS]: surroundings } }))
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
  if (error instanceof AssertionError) throw new TemplateError(inWords(error.message), { line: 1, column: 1 })
  if (!LiquidError.is(error)) throw error
  const place = where.original(error.token.begin)
  const before = where.source.slice(0, place).split('\n')
  const message = inWords(error.message.replace(/, line:\d+, col:\d+$/, ''))
  return new TemplateError(message, { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }, { cause: error })
}

const WORDS: readonly [RegExp, string][] = [
  [/^tag "(.+)" not found$/, 'There is no tag “$1” here.'],
  [/^tag (.+) not closed$/, 'The tag $1 is never closed.'],
  [/^output (.+) not closed$/, 'The placeholder $1 is never closed.'],
  [/^undefined filter: (.+)$/, 'There is no filter “$1”.'],
  [/^invalid value expression: "?(.*?)"?$/, 'A placeholder has no name of a value in it.'],
  [/^memory alloc limit exceeded$/, 'It makes too much: a loop is too long, or a text too large.'],
  [/^template render limit exceeded$/, `It takes longer than ${RENDER_LIMITS.renderMs} ms.`],
  [/^parse length limit exceeded$/, `It is longer than ${RENDER_LIMITS.sourceChars} characters.`],
]

function inWords(message: string): string {
  for (const [pattern, words] of WORDS) if (pattern.test(message)) return message.replace(pattern, words)
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}`
}
