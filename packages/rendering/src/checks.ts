import { Tokenizer, TypeGuards, Value, type Liquid, type TagToken, type Template, type Token } from 'liquidjs'
import { requireTimeZone } from './date-filters.ts'
import { FILTERS, type Argument } from './filters.ts'
import { at } from './liquid-mistakes.ts'

type Filters = Value['filters']
type FilterArgument = Filters[number]['args'][number]

/** Refuses what would be found only when it is rendered, or never: wrong arguments, and what liquidjs reads past. */
export function checkTemplate(template: Template, engine: Liquid): void {
  for (const argument of template.arguments?.() ?? []) {
    if (argument instanceof Value) checkValue(argument, engine)
    else checkToken(argument)
  }
}

/** An expression and its filters. */
export function checkValue({ initial, filters }: Value, engine: Liquid): void {
  let operands = 0
  for (const token of initial.postfix) {
    if (!TypeGuards.isOperatorToken(token)) {
      checkToken(token)
      operands += 1
    } else {
      const needed = token.operator === 'not' ? 1 : 2
      if (operands < needed) throw new Error(`There is nothing on one side of “${token.operator}”.`)
      operands += 1 - needed
    }
  }
  if (operands !== 1) throw new Error('There are two values beside each other, with nothing that joins them.')
  for (const filter of filters) checkFilter(filter, engine)
}

function checkFilter({ name, args }: Filters[number], engine: Liquid): void {
  const shape = FILTERS.get(name)
  if (shape === undefined) throw new Error(`undefined filter: ${name}`)
  const options = args.filter((argument) => Array.isArray(argument))
  for (const [key, value] of options) {
    if (name !== 'default' || key !== 'allow_false' || value === undefined) {
      throw new Error(`The filter “${name}” takes no “${key}:”.`)
    }
  }
  const given = args.filter((argument) => !Array.isArray(argument))
  const most = shape.args.length
  if (given.length < shape.atLeast || given.length > most) {
    const wanted = shape.atLeast === most ? String(most) : `${shape.atLeast} to ${most}`
    const noun = most === 1 ? 'value' : 'values'
    const takes = most === 0 ? 'no value' : `${wanted} ${noun}`
    throw new Error(`The filter “${name}” takes ${takes} behind its name, and has ${given.length}.`)
  }
  for (const [, value] of options) checkToken(value)
  for (const [index, argument] of given.entries()) checkArgument(name, shape.args[index] ?? 'any', argument, engine)
}

function checkArgument(filter: string, kind: Argument, argument: FilterArgument, engine: Liquid): void {
  const token = argument as Token // Safe because those with a name were told apart.
  checkToken(token)
  const text = TypeGuards.isQuotedToken(token) ? token.content : undefined
  if (kind === 'zone' && text !== undefined) requireTimeZone(text)
  if (kind !== 'name' && kind !== 'expression') return
  if (text === undefined) throw new Error(`The filter “${filter}” takes what it reads as Liquid in quotes.`)
  if (kind === 'expression') checkExpression(text, engine)
}

function checkExpression(text: string, engine: Liquid): void {
  const tokenizer = new Tokenizer(text, engine.options.operators)
  checkValue(new Value(tokenizer.readFilteredValue(), engine), engine)
  requireEnd(tokenizer)
}

function checkToken(token: Token | undefined): void {
  if (TypeGuards.isQuotedToken(token)) {
    if (!/^(["'])(?:\\.|(?!\1)[^\\])*\1$/s.test(token.getText())) throw new Error('A quote is never closed.')
  } else if (TypeGuards.isRangeToken(token)) {
    checkToken(token.lhs)
    checkToken(token.rhs)
  } else if (TypeGuards.isPropertyAccessToken(token)) {
    checkToken(token.variable)
    for (const property of token.props) checkToken(property)
  }
}

/** Refuses what stands behind all that was read. */
export function requireEnd(tokenizer: Tokenizer): void {
  tokenizer.skipBlank()
  if (!tokenizer.end()) throw new Error(`Nothing is known to do with ${tokenizer.snapshot()}.`)
}

/** Tags whose words are not for the parser. */
const COMMENTS = new Set(['#', 'comment', 'endcomment'])

/** Tags that liquidjs reads as far as it understands them. */
const READ = new Set(['assign', 'capture', 'case', 'elsif', 'for', 'if', 'tablerow', 'unless'])

/** Refuses words in tags that the parser has read past. */
export function checkTags(tags: readonly TagToken[]): void {
  for (const tag of tags) {
    try {
      if (READ.has(tag.name)) requireEnd(tag.tokenizer)
      else if (tag.name === 'when') checkWhen(tag)
      else if (!COMMENTS.has(tag.name) && tag.args.trim() !== '') {
        throw new Error(`Nothing is known to do with ${JSON.stringify(tag.args)} behind “${tag.name}”.`)
      }
    } catch (error) {
      throw at(tag, error)
    }
  }
}

/** Values with a comma or an `or` between them. */
function checkWhen({ args }: TagToken): void {
  const tokenizer = new Tokenizer(args)
  for (;;) {
    tokenizer.readValueOrThrow()
    tokenizer.skipBlank()
    if (tokenizer.end()) return
    if (tokenizer.peek() === ',') tokenizer.advance()
    else if (tokenizer.readIdentifier().getText() !== 'or') {
      throw new Error('Between the values of “when” stands a comma or “or”.')
    }
  }
}
