import { request } from 'node:http'
import { LIMITS, type WireOutput } from '@posthorn/contracts'
import { pngOf } from '@posthorn/testkit/pictures'
import { testBucket } from '@posthorn/testkit/s3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { call } from '../test/call.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let key: string

beforeAll(async () => {
  api = await startTestApi()
  key = (await api.newProject()).secretKey
})

afterAll(() => api.stop())

async function upload(bytes: Buffer, { at = api, by = key, type = 'image/png', query = '?name=logo.png' } = {}) {
  const answer = await fetch(`${at.url}/v1/images${query}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${by}`, 'Content-Type': type },
    body: new Uint8Array(bytes),
  })
  const body = (await answer.json()) as WireOutput<'images', 'upload'> & { error?: object }
  return { status: answer.status, body }
}

/** Without a browser's kindness: nothing is followed, kept or decoded. */
const ask = (method: string, url: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number | undefined; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    const asked = request(url, { method, headers }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, bytes: Buffer.concat(chunks) }))
    })
    asked.on('error', reject).end()
  })

describe('the address of a picture', () => {
  test('is loaded by everybody, for good, as what it is and nothing else', async () => {
    const { status, body } = await upload(pngOf(400, 300))
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'logo.png', contentType: 'image/png', width: 400, height: 300 })
    const loaded = await ask('GET', body.url)
    expect(loaded).toMatchObject({ status: 200, bytes: pngOf(400, 300) })
    expect(loaded.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(pngOf(400, 300).length),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
    })
    expect(loaded.headers).not.toHaveProperty('set-cookie')
    const etag = String(loaded.headers['etag'])
    expect(await ask('GET', body.url, { 'If-None-Match': etag })).toMatchObject({ status: 304, bytes: Buffer.alloc(0) })
    const head = await ask('HEAD', body.url)
    expect(head).toMatchObject({ status: 200, bytes: Buffer.alloc(0) })
    expect(head.headers).toMatchObject({ etag, 'content-length': loaded.headers['content-length'] })
    // A page that is asked for by name is none.
    expect((await ask('GET', body.url, { Accept: 'text/html' })).headers['content-type']).toBe('image/png')
  })

  test('is gone when the picture is deleted, and nobody finds another by guessing', async () => {
    const { body } = await upload(pngOf(11, 11))
    expect((await call(`DELETE ${api.url}/v1/images/${body.id}`, { key })).status).toBe(204)
    const wrong = [
      body.url,
      body.url.replace('.png', '.gif'),
      body.url.replace(/.\.png$/, 'x.png'),
      `${api.url}/images/x/y.png`,
    ]
    for (const url of wrong) {
      for (const headers of [{ Accept: '*/*' }, { Accept: 'text/html' }]) {
        const answer = await ask('GET', url, headers)
        expect(answer.status).toBe(404)
        expect(answer.headers['content-type']).toMatch(/json/)
      }
    }
    expect((await call(`POST ${body.url}`)).status).toBe(405)
  })

  test('of a large picture is read in parts that are put together again', async () => {
    const noise = Buffer.concat([
      pngOf(2, 2),
      Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) % 251)),
    ])
    const { body } = await upload(noise)
    expect((await ask('GET', body.url)).bytes.equals(noise)).toBe(true)
  })
})

describe('an upload', () => {
  test('is refused where it is too large, no picture, or of a type that is none', async () => {
    const large = Buffer.concat([pngOf(1, 1), Buffer.alloc(LIMITS.imageBytes)])
    expect(await upload(large)).toMatchObject({ status: 413, body: { error: { code: 'PAYLOAD_TOO_LARGE' } } })
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
    expect(await upload(svg, { type: 'image/svg+xml' })).toMatchObject({
      status: 422,
      body: { error: { code: 'IMAGE_INVALID', suggestion: 'Export the drawing as PNG.' } },
    })
    expect(await upload(pngOf(1, 1), { type: 'text/html' })).toMatchObject({ status: 415 })
  })

  test('comes from a form as well, which has its name', async () => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(pngOf(12, 12))]), 'From "a" form, 5%25.png')
    const answer = await fetch(`${api.url}/v1/images`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}` },
      body: form,
    })
    expect(await answer.json()).toMatchObject({ name: 'From "a" form, 5%25.png', width: 12 })
  })
})

test('pictures in a bucket are served under the same address with the same headers, and its absence is said', async () => {
  const bucket = await testBucket()
  onTestFinished(() => bucket.close())
  const at = await startTestApi({ bucket: bucket.options })
  onTestFinished(() => at.stop())
  const by = (await at.newProject()).secretKey
  const { body } = await upload(pngOf(13, 13), { at, by })
  expect(bucket.objects.size).toBe(1)
  const loaded = await ask('GET', body.url)
  expect(loaded).toMatchObject({ status: 200, bytes: pngOf(13, 13) })
  expect(loaded.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' })
  bucket.failNext('PUT', 403)
  expect(await upload(pngOf(14, 14), { at, by })).toMatchObject({
    status: 503,
    body: { error: { code: 'STORAGE_UNAVAILABLE' } },
  })
  bucket.failNext('GET', 403)
  const missed = await ask('GET', body.url)
  expect(missed.status).toBe(503)
  expect(missed.headers['cache-control']).not.toMatch(/immutable/)
})
