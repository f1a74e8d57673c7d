import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ApiError } from './errors.ts'

type Chunks = AsyncIterable<Uint8Array>

/** What is packed with gzip, unpacked as it is read. A fault of the packing is refused in these words. */
export async function* gunzipped(packed: Chunks, words: string): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip()
  const source = Readable.from(packed, { objectMode: false })
  source.on('error', (error) => unpacking.destroy(error))
  try {
    yield* source.pipe(unpacking)
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw new ApiError('INVALID_REQUEST_BODY', words, { cause: error })
  } finally {
    source.destroy()
    unpacking.destroy()
  }
}

/** The same bytes, until there are too many of them. */
export async function* bounded(chunks: Chunks, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    yield chunk
  }
}

/** The refusal of a body that has more bytes than is taken. */
export const tooLarge = (maxBytes: number) =>
  new ApiError('PAYLOAD_TOO_LARGE', 'The body is larger than this operation takes.', {
    suggestion: `At most ${maxBytes.toLocaleString('en')} bytes are taken, also once they are unpacked.`,
  })

/** Looks at the first bytes without taking them away: as many as asked for, or all where there are fewer. */
export async function peek(chunks: Chunks, bytes: number): Promise<{ head: Buffer; chunks: Chunks }> {
  const reading = chunks[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  let isOver = false
  while (head.length < bytes && !isOver) {
    const next = await reading.next()
    if (next.done) isOver = true
    else head = Buffer.concat([head, next.value])
  }
  async function* all() {
    try {
      yield head
      while (!isOver) {
        const next = await reading.next()
        if (next.done) return
        yield next.value
      }
    } finally {
      await reading.return?.()
    }
  }
  return { head, chunks: all() }
}
