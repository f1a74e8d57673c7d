const LINE_LENGTH = 76
/** One character of every line is kept for the `=` of a soft line break. */
const LONGEST_QP_LINE = LINE_LENGTH - 1
const BYTES_PER_BASE64_LINE = 57
const BASE64_LINES_AT_ONCE = 1024

const TAB = 0x09
const SPACE = 0x20
const CR = 0x0d
const LF = 0x0a
const EQUALS = 0x3d
const HEX = Buffer.from('0123456789ABCDEF', 'latin1')
/** How many columns a byte takes, together with the bytes of its character that follow; 0 where it starts no character. */
const WIDTH = Uint8Array.from({ length: 256 }, (_, byte) => {
  if ((byte >= 0x20 && byte < 0x7f && byte !== EQUALS) || byte === TAB) return 1
  if (byte < 0x80) return 3
  return byte < 0xc0 ? 0 : byte < 0xe0 ? 6 : byte < 0xf0 ? 9 : 12
})

/** Used again and again, since a buffer of its own for each text would cost more than the encoding. */
const scratch = Buffer.allocUnsafe(256 * 1024)

/** Quoted-printable (RFC 2045, section 6.7) of a text whose line breaks are all CRLF. A character never spans two lines. */
export function quotedPrintable(text: string): string {
  const bytes = Buffer.from(text)
  const end = bytes.length
  const longest = end * 4 + LINE_LENGTH
  const output = longest <= scratch.length ? scratch : Buffer.allocUnsafe(longest)
  let at = 0
  let column = 0
  let index = 0
  while (index <= end) {
    // Nearly all of nearly every text. Safe because index is below the length, and the table has an entry for every byte.
    while (index < end && column < LONGEST_QP_LINE && WIDTH[bytes[index]!] === 1) {
      output[at++] = bytes[index++]!
      column++
    }
    // The end of the text is the end of a line.
    const byte = index < end ? bytes[index]! : CR
    let width = WIDTH[byte]!
    if (byte === CR || byte === LF) {
      // A blank at the end of a line would be lost on the way.
      if (column > 0 && byte === CR && isBlank(output[at - 1]!)) {
        index--
        at--
        column--
        width = 3
      } else {
        if (index < end) output[at++] = byte
        index++
        column = 0
        continue
      }
    }
    if (column + width > LONGEST_QP_LINE) {
      output[at++] = EQUALS
      output[at++] = CR
      output[at++] = LF
      column = 0
    }
    if (width === 1) continue
    const encoded = bytes[index++]!
    output[at++] = EQUALS
    output[at++] = HEX[encoded >> 4]!
    output[at++] = HEX[encoded & 15]!
    column += 3
  }
  return output.toString('latin1', 0, at)
}

const isBlank = (byte: number) => byte === SPACE || byte === TAB

/** Base64 in lines (RFC 2045, section 6.8), written in place so that a large file is held only twice. */
export function base64Lines(content: Buffer): Buffer {
  const length = Math.ceil(content.length / 3) * 4
  const output = Buffer.allocUnsafe(length + Math.max(Math.ceil(length / LINE_LENGTH) - 1, 0) * 2)
  const step = BYTES_PER_BASE64_LINE * BASE64_LINES_AT_ONCE
  let at = 0
  for (let from = 0; from < content.length; from += step) {
    const encoded = Buffer.from(content.toString('base64', from, from + step), 'latin1')
    for (let start = 0; start < encoded.length; start += LINE_LENGTH) {
      if (at > 0) {
        output[at++] = CR
        output[at++] = LF
      }
      at += encoded.copy(output, at, start, start + LINE_LENGTH)
    }
  }
  return output
}
