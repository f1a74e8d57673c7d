import { isAscii, isUtf8 } from 'node:buffer'
import { LIMITS, type Input } from '@posthorn/contracts'
import { CONTROL } from '../csv.ts'
import { ApiError } from '../errors.ts'
import { bounded, gunzipped, peek } from '../packed.ts'
import { unreadable } from './unreadable.ts'

export type Encoding = NonNullable<Input<'imports', 'upload'>['encoding']>

/** Enough to tell UTF-16 without a mark from anything else. */
const HEAD_BYTES = 1024
export const SAY_ENCODING = 'Save it as CSV in UTF-8, or say with `encoding` what it is.'
const NOTHING = Buffer.alloc(0)
const CUT_OFF = 'The file is cut off, or not packed as gzip does it.'
const GZIP = Buffer.from([0x1f, 0x8b])
const ZIP = Buffer.from('PK\u0003\u0004')
const MARKS: readonly [Encoding, Buffer][] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
]

export interface Text {
  /** Known for sure once all pieces were read. */
  encoding: () => Encoding
  pieces: AsyncIterable<string>
}

/** The text of a file, as it arrives: unpacked, and decoded from what it seems to be unless somebody knows. */
export async function textOf(bytes: AsyncIterable<Uint8Array>, asked: Encoding | undefined): Promise<Text> {
  const begun = await peek(bytes, HEAD_BYTES)
  const isPacked = begun.head.subarray(0, 2).equals(GZIP)
  const { head, chunks } = isPacked
    ? await peek(bounded(gunzipped(begun.chunks, CUT_OFF), LIMITS.importBytes), HEAD_BYTES)
    : begun
  if (head.subarray(0, 4).equals(ZIP)) {
    throw unreadable('The file is a ZIP archive or a workbook of Excel, not CSV.', 'Save it as CSV, and upload that.')
  }
  if (head.length === 0) throw unreadable('The file is empty.')
  let encoding = asked ?? markedAs(head) ?? unmarkedAs(head)
  async function* decoded() {
    let decoder = encoding && decoderOf(encoding)
    let held: Buffer = NOTHING
    for await (const chunk of chunks) {
      if (decoder !== undefined) {
        yield decoder.decode(chunk)
        continue
      }
      // What is ASCII so far can still come to be either.
      const bytes = Buffer.concat([held, chunk])
      const whole = wholeLetters(bytes)
      held = bytes.subarray(whole.length)
      if (isAscii(whole)) {
        yield asText(whole.toString('latin1'))
        continue
      }
      encoding = seemsUtf8(whole) ? 'utf-8' : 'windows-1252'
      decoder = decoderOf(encoding)
      yield decoder.decode(bytes)
      held = NOTHING
    }
    encoding ??= seemsUtf8(held) ? 'utf-8' : 'windows-1252'
    decoder ??= decoderOf(encoding)
    yield decoder.decode(held) + decoder.end()
  }
  return { encoding: () => encoding ?? 'utf-8', pieces: withoutMark(decoded()) }
}

/** At the beginning it says how the text is written, and further on it is a letter as any other. */
async function* withoutMark(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let isBeginning = true
  for await (const piece of pieces) {
    yield isBeginning && piece.startsWith('\ufeff') ? piece.slice(1) : piece
    if (piece !== '') isBeginning = false
  }
}

const markedAs = (head: Buffer): Encoding | undefined =>
  MARKS.find(([, mark]) => head.subarray(0, mark.length).equals(mark))?.[0]

/** Of text in UTF-16 most letters of any header leave a zero on one side. */
function unmarkedAs(head: Buffer): Encoding | undefined {
  const zeros = [0, 0]
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2]! += 1
  const [even = 0, odd = 0] = zeros
  const pairs = head.length / 2
  if (odd > pairs * 0.4 && even < pairs * 0.1) return 'utf-16le'
  if (even > pairs * 0.4 && odd < pairs * 0.1) return 'utf-16be'
  if (even + odd > head.length * 0.1) {
    throw unreadable('The file is binary, not text.', 'Save it as CSV in UTF-8, and upload that.')
  }
  return undefined
}

/**
 * Stands where bytes were none of UTF-8: no file has it that is taken, since it is a control character. The row that has
 * it is refused by itself.
 */
export const DAMAGED = '\u001a'
const LOST = '\ufffd'

/** Of text in other encodings hardly a letter is right by chance, and of a damaged one most still are. */
function seemsUtf8(bytes: Uint8Array): boolean {
  if (isUtf8(bytes)) return true
  const text = Buffer.from(bytes).toString('utf8')
  const others = text.match(/\P{ASCII}/gu) ?? []
  return others.filter((letter) => letter !== LOST).length > others.length / 2
}

/** Shows the damage, and keeps apart from it what was lost before, which in UTF-8 is a letter as any other. */
function decodeShowing(bytes: Buffer): string {
  const text = asText(bytes.toString('utf8'))
  if (!text.includes(LOST) || isUtf8(bytes)) return text
  const parts = bytes.toString('latin1').split(LOST_AS_LATIN1)
  return parts.map((part) => Buffer.from(part, 'latin1').toString('utf8').replaceAll(LOST, DAMAGED)).join(LOST)
}

const LOST_AS_LATIN1 = Buffer.from(LOST).toString('latin1')

const LONGEST_LETTER = 4

/** Without the beginning of a letter that goes on in the next chunk. */
function wholeLetters(bytes: Buffer): Buffer {
  for (let back = 1; back < LONGEST_LETTER && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back]!
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

function asText(text: string): string {
  const [sign] = CONTROL.exec(text) ?? []
  if (sign === undefined) return text
  const code = sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  throw unreadable(`The file has a control character (U+${code}) in it: it is binary, or damaged.`)
}

interface Decoder {
  decode(chunk: Uint8Array): string
  /** What is left once nothing more comes. */
  end(): string
}

const decoderOf = (encoding: Encoding): Decoder => (encoding === 'utf-8' ? utf8Decoder() : otherDecoder(encoding))

function utf8Decoder(): Decoder {
  let held: Buffer = NOTHING
  return {
    decode(chunk) {
      const bytes = held.length === 0 ? asBuffer(chunk) : Buffer.concat([held, chunk])
      const whole = wholeLetters(bytes)
      held = bytes.subarray(whole.length)
      return decodeShowing(whole)
    },
    end: () => decodeShowing(held),
  }
}

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array) => Buffer.from(buffer, byteOffset, length)

function otherDecoder(encoding: Encoding): Decoder {
  const decoder = new TextDecoder(encoding, { fatal: encoding.startsWith('utf-16'), ignoreBOM: true })
  const decode = (chunk?: Uint8Array) => {
    try {
      return asText(decoder.decode(chunk, { stream: chunk !== undefined }))
    } catch (error) {
      if (error instanceof ApiError) throw error
      throw unreadable(`The file begins as ${encoding.toUpperCase()}, and is not so throughout.`, SAY_ENCODING)
    }
  }
  return { decode, end: decode }
}
