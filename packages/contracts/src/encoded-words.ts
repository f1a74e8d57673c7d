// Line breaks and control characters, the tab aside, as bytes.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/
// U+0085, U+2028 and U+2029, which some programs take for line breaks.
const BREAKS: readonly (readonly [charsets: RegExp, bytes: RegExp])[] = [
  [/^utf-?8/i, /\u00c2\u0085|\u00e2\u0080[\u00a8\u00a9]/],
  [/^iso-?8859/i, /\u0085/],
]
const WIDE_CHARSET = /^utf-?(?:7|16|32)/i

interface Word {
  charset: string
  isQuoted: boolean
  isBase64: boolean
  payload: string[]
}

/**
 * Whether an encoded word (RFC 2047) hides a line break or control character. Words are read as loosely as the loosest
 * mail program reads them: with blanks, question marks and foreign characters inside. One pass, whatever the text.
 */
export function encodedWordHidesControl(text: string): boolean {
  if (!text.includes('=?')) return false
  let word: Word | undefined
  let before = ''
  let isPayload = false
  for (const piece of text.split('?')) {
    if (piece.startsWith('=') && !isPayload) {
      if (word !== undefined && hidesControl(word)) return true
      word = undefined
    }
    word?.payload.push(piece)
    const isQuoted = piece === 'q' || piece === 'Q'
    const isBase64 = piece === 'b' || piece === 'B'
    isPayload = isQuoted || isBase64
    if (isPayload) {
      word ??= { charset: before, isQuoted: false, isBase64: false, payload: [] }
      word.isQuoted ||= isQuoted
      word.isBase64 ||= isBase64
    }
    before = piece
  }
  return word !== undefined && hidesControl(word)
}

function hidesControl({ charset, isQuoted, isBase64, payload }: Word): boolean {
  // These write line breaks in other bytes, and no mail program writes them.
  if (WIDE_CHARSET.test(charset)) return true
  const breaks = BREAKS.find(([charsets]) => charsets.test(charset))?.[1]
  const hides = (bytes: string) => CONTROL.test(bytes) || (breaks?.test(bytes) ?? false)
  const text = payload.join('?')
  if (isQuoted && hides(unquote(text))) return true
  // Readers disagree on whether padding in the middle ends the text, so both ways are looked at.
  return isBase64 && (hides(unbase64(text)) || hides(text.split('=').map(unbase64).join('.')))
}

const unquote = (text: string) =>
  text.replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

function unbase64(text: string): string {
  const digits = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replaceAll(/[^A-Za-z0-9+/]/g, '')
  return atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits)
}
