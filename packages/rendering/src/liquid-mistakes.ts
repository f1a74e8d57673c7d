import { AssertionError, LiquidError, ParseError, Token } from 'liquidjs'
import { placeIn, TemplateError } from './template-error.ts'

// Places are told from what the author wrote. liquidjs would count the lines before each variable anew, so that reading
// took the square of the length.
Token.prototype.getPosition = () => [1, 1]

/** An error as one of the author's, at the tag or placeholder that it comes from. What is a bug stays as it is. */
export function authorsMistake(error: unknown, source: string): unknown {
  if (error instanceof TemplateError) return error
  // Nothing has begun that they could come from.
  if (error instanceof AssertionError || error instanceof RangeError) {
    return new TemplateError(inWords(error.message), { line: 1, column: 1 }, { cause: error })
  }
  if (!LiquidError.is(error)) return error
  const { token, message } = error as LiquidError & { token: Token } // Safe because every one of them has it.
  return new TemplateError(inWords(message.replace(PLACES, '')), placeIn(source, token.begin), { cause: error })
}

/** The error at the tag or placeholder, unless one in it has a place of its own already. */
export function at(token: Token, error: unknown): unknown {
  if (error instanceof TemplateError) return error
  const own = LiquidError.is(error) ? (error as LiquidError & { token: Token }).token : undefined // Safe as above.
  if (own?.input === token.input) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  return new ParseError(cause, token)
}

const PLACES = /(?:, line:\d+, col:\d+)+$/

const WORDS: readonly [RegExp, string][] = [
  [/^tag "(.+)" not found$/, 'There is no tag “$1” here.'],
  [/^tag (.+) not closed$/s, 'The tag $1 is never closed.'],
  [/^raw .+ not closed$/s, 'The tag {% raw %} is never closed.'],
  [/^output (.+) not closed$/s, 'The placeholder $1 is never closed, or a quote in it is not.'],
  [/^Invalid time zone specified: (.+)$/, 'There is no time zone “$1”.'],
  [/^undefined filter: (.+)$/, 'There is no filter “$1”.'],
  [/^invalid value expression: "?(.*?)"?$/, 'A placeholder has no name of a value in it.'],
  [
    /^memory alloc limit exceeded$|^Invalid string length$/,
    'It makes too much: a loop is too long, or a text too large.',
  ],
  [/^Maximum call stack size exceeded$/, 'It is nested too deeply.'],
]

function inWords(message: string): string {
  for (const [pattern, words] of WORDS) if (pattern.test(message)) return message.replace(pattern, words)
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}`
}
