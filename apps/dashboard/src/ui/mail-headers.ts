import { decodeWords } from './encoded-words.ts'
import { readable } from './readable.ts'

/** The headers of a message (RFC 5322) that has one character for each byte, in their order, unfolded and in plain words. */
export function headersOf(source: string): [name: string, value: string][] {
  const end = source.search(/\r?\n\r?\n/)
  return readable(end < 0 ? source : source.slice(0, end))
    .replaceAll(/\r?\n(?=[ \t])/g, '')
    .split(/\r?\n/)
    .flatMap((line): [string, string][] => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon).trim(), decodeWords(line.slice(colon + 1).trim())]] : []
    })
}
