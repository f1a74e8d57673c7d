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

/** Quoted-printable (RFC 2045, section 6.7) of a text whose line breaks are all CRLF. A character never spans two lines. */
export function quotedPrintable(text: string): string {
  const bytes = Buffer.from(text)
  const output = Buffer.allocUnsafe(bytes.length * 4 + LINE_LENGTH)
  let at = 0
  let column = 0
  for (let index = 0; index < bytes.length; index++) {
    // Safe because index is below the length, and the table has an entry for every byte.
    const byte = bytes[index]!
    if (byte === CR || byte === LF) {
      output[at++] = byte
      column = 0
      continue
    }
    let width = WIDTH[byte]!
    // A blank at the end of a line would be lost on the way.
    if ((byte === SPACE || byte === TAB) && (index + 1 === bytes.length || bytes[index + 1] === CR)) width = 3
    if (column + width > LONGEST_QP_LINE) {
      output[at++] = EQUALS
      output[at++] = CR
      output[at++] = LF
      column = 0
    }
    if (width === 1) {
      output[at++] = byte
      column++
    } else {
      output[at++] = EQUALS
      output[at++] = HEX[byte >> 4]!
      output[at++] = HEX[byte & 15]!
      column += 3
    }
  }
  return output.toString('latin1', 0, at)
}

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
