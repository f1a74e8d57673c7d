import { defaultOptions, Tokenizer, TypeGuards, type Output, type TagToken, type TopLevelToken } from 'liquidjs'
import type { Gap } from './html-context.ts'
import { authorsMistake } from './liquid-mistakes.ts'

export type OutputToken = Output['token']

/** Text of the author's between the Liquid. */
export type TextToken = Exclude<TopLevelToken, OutputToken | TagToken>

/** A template as liquidjs reads it, so that nobody reads it otherwise than the one who fills it in. */
export interface LiquidSource {
  tokens: readonly TopLevelToken[]
  /** The tags that are read as such: none in a comment. */
  tags: readonly TagToken[]
  /** All that is Liquid and not the author’s text; a comment or a raw block is one. */
  gaps: Gap[]
}

const VERBATIM = new Set(['raw', 'comment'])

/** Throws TemplateError for what is never closed. */
export function readLiquid(source: string): LiquidSource {
  const tokens = tokensOf(source)
  const gaps: Gap[] = []
  const tags: TagToken[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as TopLevelToken // Safe because of the loop's bound.
    if (TypeGuards.isHTMLToken(token)) continue
    let last: TopLevelToken = token
    if (TypeGuards.isTagToken(token)) {
      tags.push(token)
      if (VERBATIM.has(token.name)) {
        at = endOfBlock(tokens, at)
        last = tokens[at] ?? token
        if (TypeGuards.isTagToken(last) && last.name === 'endraw') tags.push(last)
      }
    }
    gaps.push({ begin: token.begin, end: last.end })
  }
  return { tokens, tags, gaps }
}

function tokensOf(source: string): TopLevelToken[] {
  try {
    return new Tokenizer(source).readTopLevelTokens(defaultOptions)
  } catch (error) {
    throw authorsMistake(error, source)
  }
}

/** The tag that ends a block in which nothing is read. What is never closed is left to the parser. */
function endOfBlock(tokens: readonly TopLevelToken[], begin: number): number {
  const { name } = tokens[begin] as TagToken // Safe because it is asked of tags alone.
  for (let at = begin + 1; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (TypeGuards.isTagToken(token) && token.name === `end${name}`) return at
  }
  return begin
}

/** What of a template becomes HTML, with its trimmed blanks left out, and where the Liquid stands in it. */
export interface HtmlAround {
  html: string
  gaps: Gap[]
  /** What each of the gaps is, and the author's text that stands right before it. */
  tokens: { token: TopLevelToken; before: TextToken | undefined }[]
  outputs: OutputToken[]
  /** Where each of the outputs stands. */
  values: number[]
}

/** The HTML that the outputs of a template will stand in. */
export function htmlAround(tokens: readonly TopLevelToken[]): HtmlAround {
  const around: HtmlAround = { html: '', gaps: [], tokens: [], outputs: [], values: [] }
  let block = ''
  let before: TextToken | undefined
  for (const token of tokens) {
    const tag = TypeGuards.isTagToken(token) ? token.name : undefined
    if (block === 'comment' && tag !== 'endcomment') continue
    if (TypeGuards.isHTMLToken(token)) {
      around.html += block === 'raw' ? token.getText() : token.getContent()
      before = token
      continue
    }
    const begin = around.html.length
    around.html += token.getText()
    around.gaps.push({ begin, end: around.html.length })
    around.tokens.push({ token, before })
    before = undefined
    if (TypeGuards.isOutputToken(token)) {
      around.outputs.push(token)
      around.values.push(begin)
    } else if (tag !== undefined && VERBATIM.has(tag)) block = tag
    else if (tag === `end${block}`) block = ''
  }
  return around
}
