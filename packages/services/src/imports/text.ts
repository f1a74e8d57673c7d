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
    let held: Uint8Array = Buffer.alloc(0)
    for await (const chunk of chunks) {
      if (decoder !== undefined) {
        yield decode(decoder, chunk)
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
      yield decode(decoder, bytes)
      held = Buffer.alloc(0)
    }
    encoding ??= seemsUtf8(held) ? 'utf-8' : 'windows-1252'
    decoder ??= decoderOf(encoding)
    yield decode(decoder, held) + decode(decoder)
  }
  return { encoding: () => encoding ?? 'utf-8', pieces: decoded() }
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
 * Stands where bytes were none of UTF-8: no program writes it, unlike the sign for a letter that was lost before. The row
 * that has it is refused by itself.
 */
export const DAMAGED = '\uffff'
const LOST = '\ufffd'
const LOST_BYTES = Buffer.from(LOST)
const KEPT = '\ufffe'

/** Of text in other encodings hardly a letter is right by chance, and of a damaged one most still are. */
function seemsUtf8(bytes: Uint8Array): boolean {
  if (isUtf8(bytes)) return true
  const text = Buffer.from(bytes).toString('utf8')
  const others = text.match(/\P{ASCII}/gu) ?? []
  return others.filter((letter) => letter !== LOST).length > others.length / 2
}

/** Shows the damage, and keeps apart from it what was lost before. */
function decodeShowing(decoder: ReturnType<typeof decoderOf>, bytes: Uint8Array, options: { stream: boolean }): string {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const marked = given.includes(LOST_BYTES)
    ? Buffer.from(given.toString('latin1').replaceAll(latin1Of(LOST), latin1Of(KEPT)), 'latin1')
    : given
  return decoder.decode(marked, options).replaceAll(LOST, DAMAGED).replaceAll(KEPT, LOST)
}

const latin1Of = (letter: string) => Buffer.from(letter).toString('latin1')

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

const decoderOf = (encoding: Encoding) => new TextDecoder(encoding, { fatal: encoding.startsWith('utf-16') })

function decode(decoder: ReturnType<typeof decoderOf>, bytes?: Uint8Array): string {
  try {
    const options = { stream: bytes !== undefined }
    if (decoder.encoding !== 'utf-8') return asText(decoder.decode(bytes, options))
    return asText(decodeShowing(decoder, bytes ?? NOTHING, options))
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw unreadable(`The file begins as ${decoder.encoding.toUpperCase()}, and is not so throughout.`, SAY_ENCODING)
  }
}
