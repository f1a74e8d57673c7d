import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
})

afterAll(() => api.stop())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.url}${path}`, { headers })

/** Where the page has its bundle. */
async function bundle(): Promise<string> {
  const script = await (await get('/docs/start.js')).text()
  return /'(\/docs\/[^/']+\/[^']+)'/.exec(script)?.[1] ?? ''
}

test('anybody gets the reference as a page, whatever they accept', async () => {
  for (const accept of ['text/html', '*/*', 'application/json']) {
    const answer = await get('/docs', { accept })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.headers.get('cache-control')).toBe('no-cache')
  }
})

test('its policy names no other origin and no inline script, and its nonce is used once', async () => {
  const [first, second] = await Promise.all([get('/docs'), get('/docs')])
  const policy = first.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'nonce-[^']{20,}'; /)
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/)
  expect(policy).toContain("frame-ancestors 'none'")
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none'
  const page = await first.text()
  expect(page).toContain(`content="${nonce}"`)
  expect(page).not.toMatch(/<script(?![^>]*src="\/docs\/)/)
  expect(second.headers.get('content-security-policy')).not.toContain(nonce)
})

test('the scripts come from here, compressed to those who can read it, and are kept for good', async () => {
  const path = await bundle()
  const answer = await get(path, { 'accept-encoding': 'gzip' })
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('vary')).toMatch(/accept-encoding/i)
  const plain = await get(path, { 'accept-encoding': 'identity' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await plain.text()).toBe(await answer.text())
})

test('nothing but its scripts is served below /docs', async () => {
  const path = await bundle()
  for (const other of [`${path}.map`, path.replace(/\/[^/]*$/, '/..%2F..%2Fpackage.json'), '/docs/nowhere']) {
    const answer = await get(other)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  }
})
