import { toValue } from 'liquidjs'
import { firstCharacterOf, lastCharacterOf } from './characters.ts'
import { plainText } from './escape.ts'
import { handlerOf, type FilterThis, type Handler } from './handlers.ts'
import { firstPlaceOf, lastPlaceOf, splitAt } from './search.ts'

/** As liquidjs reads a value where it wants a text. */
export function textOf(value: unknown): string {
  const plain = toValue(value) as unknown // Its type says nothing.
  return Array.isArray(plain) ? plain.map(textOf).join('') : plainText(plain)
}

/** Liquid's filters that look for one text in another, none of which takes longer than in step with both. */
export const searchFilters: Record<string, Handler> = {
  replace,
  replace_first: replacedAt(firstPlaceOf),
  replace_last: replacedAt(lastPlaceOf),
  remove(value, pattern) {
    return replace.call(this, value, pattern, '')
  },
  remove_first: replacedAt(firstPlaceOf),
  remove_last: replacedAt(lastPlaceOf),
  split(value, separator) {
    const pieces = splitAt(textOf(separator), textOf(value))
    while (pieces.at(-1) === '') pieces.pop()
    return pieces
  },
  first: endOf('first', firstCharacterOf),
  last: endOf('last', lastCharacterOf),
}

/** Liquid's filter for lists, which of a text would answer half an emoji. */
function endOf(name: 'first' | 'last', characterOf: (text: string) => string): Handler {
  const handler = handlerOf(name)
  return function (this: FilterThis, value) {
    const plain = toValue(value) as unknown // Its type says nothing.
    return typeof plain === 'string' ? characterOf(plain) : handler.call(this, plain)
  }
}

function replace(this: FilterThis, value: unknown, pattern: unknown, replacement?: unknown): string {
  const [text, sought, put] = [textOf(value), textOf(pattern), textOf(replacement)]
  const pieces = splitAt(sought, text)
  this.context.memoryLimit.use(text.length + (pieces.length - 1) * put.length)
  return pieces.join(put)
}

function replacedAt(find: (pattern: string, text: string) => number): Handler {
  return (value, pattern, replacement) => {
    const [text, sought] = [textOf(value), textOf(pattern)]
    const place = find(sought, text)
    return place < 0 ? text : text.slice(0, place) + textOf(replacement) + text.slice(place + sought.length)
  }
}

/** Liquid's filter, except that a value which it cannot read stays as it is: no value of one recipient may stop a mail. */
function orAsWritten(name: 'url_encode' | 'cgi_escape' | 'uri_escape' | 'url_decode' | 'base64_decode'): Handler {
  const handler = handlerOf(name)
  return function (this: FilterThis, value) {
    const text = plainText(value).toWellFormed()
    try {
      return handler.call(this, text)
    } catch {
      return text
    }
  }
}

export const codingFilters: Record<string, Handler> = Object.fromEntries(
  (['url_encode', 'cgi_escape', 'uri_escape', 'url_decode', 'base64_decode'] as const).map((name) => [
    name,
    orAsWritten(name),
  ]),
)
