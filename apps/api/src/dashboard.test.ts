import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const SCRIPT = 'console.log("the dashboard")'

let folder: string
let api: TestApi

beforeAll(async () => {
  folder = await builtFolder()
  api = await startTestApi({ dashboardFolder: folder })
})

afterAll(async () => {
  await api.stop()
  await rm(folder, { recursive: true, force: true })
})

async function builtFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'posthorn-built-'))
  await mkdir(join(made, 'assets'))
  await mkdir(join(made, '.vite'))
  await writeFile(join(made, 'index.html'), '<title>One</title><meta name="style-nonce" nonce="%STYLE_NONCE%">')
  await writeFile(join(made, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(made, 'assets/index-h4sh.js'), SCRIPT)
  await writeFile(join(made, 'assets/index-h4sh.js.gz'), gzipSync(SCRIPT))
  await writeFile(join(made, '.vite/manifest.json'), '{}')
  return made
}

const get = (path: string, headers: Record<string, string> = {}, at = api) => fetch(`${at.url}${path}`, { headers })

const directive = (policy: string | null, name: string) =>
  policy
    ?.split('; ')
    .find((part) => part.startsWith(`${name} `))
    ?.slice(name.length + 1)

test.each(['/', '/sign-in', '/p/01a2119f-4d16-74e2-a71a-0a85076bdbd7/emails?status=failed', '/nowhere'])(
  'a browser gets the page at %s',
  async (path) => {
    const answer = await get(path, BROWSER)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(await answer.text()).toContain('<title>One</title>')
  },
)

test.each([
  ['/', 200],
  ['/nowhere', 404],
  ['/p/x/emails', 404],
])('a program gets JSON at %s', async (path, status) => {
  const answer = await get(path)
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
})

test.each(['/v1/nowhere', '/trpc/nowhere.at', '/auth/nowhere', '/health', '/assets/gone.js'])(
  'what belongs to programs is never the page: %s',
  async (path) => {
    const answer = await get(path, BROWSER)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  },
)

test('the policy of the page runs no inline script, and knows its styles by a nonce that is used once', async () => {
  const [first, second] = await Promise.all([get('/', BROWSER), get('/', BROWSER)])
  const policy = first.headers.get('content-security-policy')
  expect(directive(policy, 'default-src')).toBe("'none'")
  expect(directive(policy, 'script-src')).toBe("'self'")
  expect(directive(policy, 'connect-src')).toBe("'self'")
  expect(directive(policy, 'frame-ancestors')).toBe("'none'")
  expect(directive(policy, 'base-uri')).toBe("'none'")
  expect(policy).not.toContain('unsafe-eval')
  const nonce = /'nonce-([^']{20,})'/.exec(directive(policy, 'style-src') ?? '')?.[1] ?? 'none'
  expect(await first.text()).toContain(`nonce="${nonce}"`)
  expect(second.headers.get('content-security-policy')).not.toContain(nonce)
})

test('every answer says how it travels', async () => {
  for (const path of ['/', '/v1/nowhere', '/assets/index-h4sh.js']) {
    const { headers } = await get(path, BROWSER)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    // Over plain HTTP it would be ignored at best.
    expect(headers.get('strict-transport-security')).toBeNull()
  }
  expect((await get('/', BROWSER)).headers.get('cross-origin-opener-policy')).toBe('same-origin')
})

test('behind TLS browsers are told to stay there', async () => {
  const secure = await startTestApi({ dashboardFolder: folder, publicUrl: 'https://mail.example.com' })
  onTestFinished(() => secure.stop())
  for (const path of ['/', '/v1/nowhere']) {
    const { headers } = await get(path, BROWSER, secure)
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/)
  }
  const policy = (await get('/', BROWSER, secure)).headers.get('content-security-policy')
  expect(directive(policy, 'img-src')?.split(' ')).not.toContain('http:')
})

test('a file whose name carries its hash is kept for good, and comes compressed to those who can read it', async () => {
  const answer = await get('/assets/index-h4sh.js', { 'accept-encoding': 'gzip' })
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(answer.headers.get('vary')).toMatch(/accept-encoding/i)
  expect(await answer.text()).toBe(SCRIPT)
  const plain = await get('/assets/index-h4sh.js', { 'accept-encoding': 'identity' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await plain.text()).toBe(SCRIPT)
  expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache')
})

test.each([
  '/.vite/manifest.json',
  '/index.html',
  '/assets/index-h4sh.js.gz',
  '/assets/',
  '/assets/..%2findex.html',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/%E0%A4%A',
])('no other file is given out: %s', async (path) => {
  const answer = await get(path)
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
})

test('a build under a running server is served from its end on', async () => {
  const own = await builtFolder()
  onTestFinished(() => rm(own, { recursive: true, force: true }))
  const running = await startTestApi({ dashboardFolder: own })
  onTestFinished(() => running.stop())
  expect(await (await get('/', BROWSER, running)).text()).toContain('One')
  await writeFile(join(own, 'assets/index-n3w.js'), SCRIPT)
  await writeFile(join(own, 'index.html'), '<title>Two</title>')
  await utimes(join(own, 'index.html'), new Date(), new Date(Date.now() + 1_000))
  expect(await (await get('/', BROWSER, running)).text()).toContain('Two')
  expect((await get('/assets/index-n3w.js', {}, running)).status).toBe(200)
})

test('where nothing was built, a browser is told what to do, and the API works', async () => {
  const running = await startTestApi({ dashboardFolder: join(folder, 'nothing-here') })
  onTestFinished(() => running.stop())
  const answer = await get('/', BROWSER, running)
  expect(answer.status).toBe(503)
  expect(await answer.text()).toContain('pnpm build')
  expect((await get('/', {}, running)).status).toBe(200)
})
