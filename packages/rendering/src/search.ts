import { charactersOf } from './characters.ts'

/** From here on JavaScript's own search may take the product of both lengths. */
const LONG = 64

/** Where a long text stands in another, not overlapping, from left to right. Takes time in step with both lengths. */
function* placesOf(pattern: string, text: string): Generator<number> {
  const borders = bordersOf(pattern)
  let matched = 0
  for (let at = 0; at < text.length; at += 1) {
    matched = grown(pattern, { borders, matched, char: text[at] })
    if (matched < pattern.length) continue
    yield at + 1 - matched
    matched = 0
  }
}

/** As `indexOf`. */
export const firstPlaceOf = (pattern: string, text: string): number =>
  pattern.length <= LONG ? text.indexOf(pattern) : (placesOf(pattern, text).next().value ?? -1)

/** As `lastIndexOf`. */
export function lastPlaceOf(pattern: string, text: string): number {
  if (pattern.length <= LONG) return text.lastIndexOf(pattern)
  const found = firstPlaceOf(backwards(pattern), backwards(text))
  return found < 0 ? -1 : text.length - found - pattern.length
}

/** As `split` with a text; with an empty one it answers whole characters. */
export function splitAt(pattern: string, text: string): string[] {
  if (pattern === '') return charactersOf(text)
  if (pattern.length <= LONG) return text.split(pattern)
  const pieces: string[] = []
  let start = 0
  for (const place of placesOf(pattern, text)) {
    pieces.push(text.slice(start, place))
    start = place + pattern.length
  }
  return [...pieces, text.slice(start)]
}

const backwards = (text: string): string => text.split('').reverse().join('')

/** For each beginning of a text the length of the longest shorter one that it ends with (Knuth, Morris and Pratt). */
function bordersOf(pattern: string): Int32Array {
  const borders = new Int32Array(pattern.length)
  for (let at = 1; at < pattern.length; at += 1) {
    borders[at] = grown(pattern, { borders, matched: borders[at - 1] ?? 0, char: pattern[at] })
  }
  return borders
}

function grown(
  pattern: string,
  { borders, matched, char }: { borders: Int32Array; matched: number; char: string | undefined },
): number {
  let length = matched
  while (length > 0 && pattern[length] !== char) length = borders[length - 1] ?? 0
  return pattern[length] === char ? length + 1 : 0
}
