import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bounded, gunzipped, peek } from './packed.ts'

async function* once(bytes: Uint8Array) {
  yield bytes
}

async function lengthOf(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0
  for await (const chunk of chunks) length += chunk.length
  return length
}

test('a bomb is unpacked up to the bound, and no further', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  expect(bomb.length).toBeLessThan(100_000)
  let unpacked = 0
  async function* watched() {
    for await (const chunk of gunzipped(once(bomb), 'broken')) {
      unpacked += chunk.length
      yield chunk
    }
  }
  await expect(lengthOf(bounded(watched(), 1_000_000))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  expect(unpacked).toBeLessThan(1_200_000)
  expect(await lengthOf(bounded(gunzipped(once(bomb), 'broken'), 50_000_000))).toBe(50_000_000)
})

test('what is not packed so, or is cut off, is refused in the words of who reads it', async () => {
  for (const bytes of [Buffer.from('plain'), gzipSync('x'.repeat(1000)).subarray(0, -4)]) {
    await expect(lengthOf(gunzipped(once(bytes), 'broken'))).rejects.toMatchObject({ message: 'broken' })
  }
})

test('looking at the first bytes takes none of them away', async () => {
  async function* letters() {
    for (const letter of 'abcdef') yield Buffer.from(letter)
  }
  for (const [bytes, head] of [
    [3, 'abc'],
    [100, 'abcdef'],
    [0, ''],
  ] as const) {
    const peeked = await peek(letters(), bytes)
    expect(peeked.head.toString()).toBe(head)
    let all = ''
    for await (const chunk of peeked.chunks) all += Buffer.from(chunk).toString()
    expect(all).toBe('abcdef')
  }
})
