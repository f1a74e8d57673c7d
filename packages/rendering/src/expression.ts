/**
 * Says in Liquid what only Plunk's templates know between the braces: `name ?? "there"` and `first name`. Throws where
 * there is nothing behind `??`.
 */
export function inLiquid(inner: string): string {
  const [head = '', ...filters] = splitOutside(withoutFallback(inner), '|')
  return named(head) + filters.map((filter) => `|${filter}`).join('')
}

const PATH = /^[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+|\[[^\]]*\])*$/u
const LITERAL = /^(?:"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|true|false)$/

/** `a ?? b ?? "c"` as a chain of our filter `or_else`: a last name that has no value counts as the word that it is. */
function withoutFallback(inner: string): string {
  const [first = '', ...fallbacks] = splitOutside(inner, '??')
  let whole = first
  for (const [index, fallback] of fallbacks.entries()) {
    const isLast = index === fallbacks.length - 1
    const [operand = '', ...filters] = splitOutside(fallback, '|')
    const word = operand.trim()
    if (word === '') throw new Error('There is nothing behind `??`.')
    if (LITERAL.test(word)) whole += `| or_else: ${word}`
    else if (PATH.test(word)) whole += `| or_else: ${word}${isLast ? `, ${quoted(word)}` : ''}`
    else whole += `| or_else: ${quoted(word)}`
    whole += filters.map((filter) => ` |${filter}`).join('')
  }
  return whole
}

/** As a text of Liquid, in which a backslash would mean something. */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`

const SPACED = /^(\s*)((?:[\p{L}_][\p{L}\p{N}_-]*\.)*)([\p{L}_][\p{L}\p{N}_-]*(?: +[\p{L}\p{N}_-]+)+)(\s*)$/u
const OPERATOR = / (?:and|or|contains|not) /

/** `first name` as the name that it is in Plunk. */
function named(head: string): string {
  const [, before = '', path = '', name, after = ''] = SPACED.exec(head) ?? []
  if (name === undefined || OPERATOR.test(` ${name} `)) return head
  return `${before}${path.slice(0, -1)}["${name}"]${after}`
}

/** Splits at a separator that stands in no quotes, in which a backslash takes the next character with it. */
function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = []
  let quote = ''
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string // Safe because of the loop's bound.
    if (quote !== '') {
      if (char === '\\') at += 1
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (text.startsWith(separator, at)) {
      pieces.push(text.slice(start, at))
      at += separator.length - 1
      start = at + 1
    }
  }
  return [...pieces, text.slice(start)]
}
