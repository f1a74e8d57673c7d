import { htmlContexts, type Gap, type HtmlContext } from './html-context.ts'

/** A template in our filters' words, and how to find one's way back to what the author wrote. */
export interface Rewritten {
  source: string
  /** All that is Liquid in what the author wrote. */
  gaps: Gap[]
  /** The place in the author's source for one in the rewritten source. */
  original(place: number): number
}

interface Output extends Gap {
  /** What stands between the braces, without the dashes that trim blanks. */
  inner: string
  open: string
  close: string
}

/** The filter that ends each output and writes its value as its place demands. */
export const placeFilter = (context: HtmlContext | 'plain' | 'link' | 'raw'): string =>
  `in_${context.replace('-', '_')}`

/** Filters that have encoded their value for an address already. */
const ENCODES = new Set(['url_encode', 'url_escape', 'cgi_escape', 'uri_escape'])

/**
 * Says in Liquid what only Plunk's templates know, `{{ name ?? "there" }}` and `{{ first name }}`, and ends each
 * output with the filter of its place. In HTML that is the filter of its context; in plain text there is only one.
 */
export function rewrite(source: string, kind: 'html' | 'plain' | 'from-html'): Rewritten {
  const { outputs, gaps } = findOutputs(source)
  const contexts =
    kind === 'html'
      ? htmlContexts(
          source,
          outputs.map(({ begin }) => begin),
          gaps,
        )
      : []
  const edits: Edit[] = []
  let rewritten = ''
  let done = 0
  for (const [index, output] of outputs.entries()) {
    rewritten += source.slice(done, output.begin)
    const place = kind === 'from-html' && source[output.begin - 1] === '<' ? 'link' : kind
    const text = `${output.open}${expression(output.inner, contexts[index] ?? (place === 'html' ? 'text' : place))}${output.close}`
    edits.push({ from: rewritten.length, to: rewritten.length + text.length, begin: output.begin, end: output.end })
    rewritten += text
    done = output.end
  }
  rewritten += source.slice(done)
  return { source: rewritten, gaps, original: (place) => wayBack(edits, place) }
}

interface Edit extends Gap {
  from: number
  to: number
}

function wayBack(edits: readonly Edit[], place: number): number {
  const edit = edits.findLast(({ from }) => from <= place)
  if (edit === undefined) return place
  return place < edit.to ? edit.begin + Math.min(place - edit.from, edit.end - edit.begin) : place - edit.to + edit.end
}

function expression(inner: string, place: HtmlContext | 'plain' | 'from-html' | 'link'): string {
  const [head = '', ...filters] = splitOutside(withoutFallback(inner), '|')
  const value = named(head)
  const last = /^\s*(\w+)/.exec(filters.at(-1) ?? '')?.[1]
  const all = filters.map((filter) => `|${filter}`).join('')
  if (last === 'raw') {
    // Trusted HTML is made text where it stands in text.
    const plain = filters.slice(0, -1).map((filter) => `|${filter}`)
    return place === 'from-html' ? `${value}${plain.join('')}| in_raw ` : `${value}${all}`
  }
  const filter = placeFilter(place === 'from-html' ? 'plain' : place)
  const isEncoded = last !== undefined && ENCODES.has(last) && filter.startsWith('in_url_')
  return `${value}${all}| ${filter}${isEncoded ? ': true' : ''} `
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
    if (LITERAL.test(word)) whole += `| or_else: ${word}`
    else if (PATH.test(word)) whole += `| or_else: ${word}${isLast ? `, ${quoted(word)}` : ''}`
    else whole += `| or_else: ${quoted(word)}`
    whole += filters.map((filter) => ` |${filter}`).join('')
  }
  return whole
}

/** No text in Liquid can have both kinds of quotes in it. */
const quoted = (text: string): string => (text.includes('"') ? `'${text.replaceAll("'", '’')}'` : `"${text}"`)

const SPACED = /^(\s*)((?:[\p{L}_][\p{L}\p{N}_-]*\.)*)([\p{L}_][\p{L}\p{N}_-]*(?: +[\p{L}\p{N}_-]+)+)(\s*)$/u
const OPERATOR = / (?:and|or|contains|not) /

/** `first name` as the name that it is in Plunk. */
function named(head: string): string {
  const [, before = '', path = '', name, after = ''] = SPACED.exec(head) ?? []
  if (name === undefined || OPERATOR.test(` ${name} `)) return head
  return `${before}${path.slice(0, -1)}["${name}"]${after}`
}

/** Splits at a separator that stands in no quotes. */
function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = []
  let quote = ''
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string // Safe because of the loop's bound.
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (text.startsWith(separator, at)) {
      pieces.push(text.slice(start, at))
      at += separator.length - 1
      start = at + 1
    }
  }
  return [...pieces, text.slice(start)]
}

const RAW_BLOCK = /\{%-?\s*(raw|comment)\s*-?%\}/y

/** Finds the outputs of a template, and all that is Liquid and not the author's text. What is never closed is left to the parser. */
function findOutputs(source: string): { outputs: Output[]; gaps: Gap[] } {
  const outputs: Output[] = []
  const gaps: Gap[] = []
  for (let at = nextBrace(source, 0); at >= 0;) {
    RAW_BLOCK.lastIndex = at
    const block = RAW_BLOCK.exec(source)?.[1]
    const end = block === undefined ? endOf(source, at) : endOfBlock(source, at, block)
    if (end < 0) break
    gaps.push({ begin: at, end })
    if (source[at + 1] === '{') outputs.push(outputAt(source, at, end))
    at = nextBrace(source, end)
  }
  return { outputs, gaps }
}

function nextBrace(source: string, from: number): number {
  for (let at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
    if (source[at + 1] === '{' || source[at + 1] === '%') return at
  }
  return -1
}

/** Behind the closing braces of what opens here; braces in quotes do not count. */
function endOf(source: string, begin: number): number {
  const closing = source[begin + 1] === '{' ? '}}' : '%}'
  let quote = ''
  for (let at = begin + 2; at < source.length; at += 1) {
    const char = source[at] as string // Safe because of the loop's bound.
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (source.startsWith(closing, at)) return at + 2
    else if (char === '"' || char === "'") quote = char
  }
  // A quote that is never closed is a mistake for the parser to name; the braces end it all the same.
  const plain = source.indexOf(closing, begin + 2)
  return plain < 0 ? -1 : plain + 2
}

function endOfBlock(source: string, begin: number, block: string): number {
  const closing = new RegExp(`\\{%-?\\s*end${block}\\s*-?%\\}`, 'g')
  closing.lastIndex = begin
  return closing.exec(source) === null ? -1 : closing.lastIndex
}

function outputAt(source: string, begin: number, end: number): Output {
  const open = source[begin + 2] === '-' ? '{{-' : '{{'
  const close = source[end - 3] === '-' && end - 3 >= begin + open.length ? '-}}' : '}}'
  return { begin, end, open, close, inner: source.slice(begin + open.length, end - close.length) }
}

/**
 * A document with each piece of Liquid replaced by a mark that no HTML parser touches, and the way back. A tag that is
 * alone in a line of what comes back takes the line with it.
 */
export function withoutLiquid(source: string): WithoutLiquid {
  const { gaps } = findOutputs(source)
  const edits: Edit[] = []
  let text = ''
  let done = 0
  for (const [index, { begin, end }] of gaps.entries()) {
    text += source.slice(done, begin).replace(MARKS, '')
    const from = text.length
    text += `${MARK}${index}${source[begin + 1] === '{' ? OUTPUT : TAG}`
    edits.push({ from, to: text.length, begin, end })
    done = end
  }
  text += source.slice(done).replace(MARKS, '')
  const piece = (_: string, index: string) => source.slice(gaps[Number(index)]?.begin, gaps[Number(index)]?.end)
  return {
    text,
    gaps,
    original: (place) => wayBack(edits, place),
    restore: (marked) => marked.replace(LONE_TAGS, '$1').replace(MARKED, piece),
  }
}

export interface WithoutLiquid {
  text: string
  /** What each mark stands for, in their order. */
  gaps: Gap[]
  /** The place in the source for one in the text. */
  original(place: number): number
  restore(text: string): string
}

/** The marks in a text that `withoutLiquid` made, or in what was made of it. */
export const marksIn = (text: string): (Gap & { index: number; isTag: boolean })[] =>
  [...text.matchAll(MARKED)].map(({ 0: mark, 1: index, index: begin }) => ({
    index: Number(index),
    isTag: mark.endsWith(TAG),
    begin,
    end: begin + mark.length,
  }))

// Of Unicode's private use area, so nobody writes them.
const [MARK, OUTPUT, TAG] = ['\uE000', '\uE001', '\uE002']
const MARKS = /[\uE000-\uE002]/g
const MARKED = /\uE000(\d+)[\uE001\uE002]/g
const LONE_TAGS = /^[ \t]*((?:\uE000\d+\uE002[ \t]*)+)\n/gm
