import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invoke, newId, systemActor, type NewProject } from '@posthorn/services'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openBrowser } from '../browser/visit.ts'
import { eventually } from '../posthorn/eventually.ts'
import { newProject } from '../posthorn/people.ts'
import { openShop, type Shop } from '../posthorn/shop.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { trackerScript } from '../posthorn/tracker.ts'

/** What Chromium says of calls that fail, whatever the page makes of it. */
const UNREACHED = /net::ERR_(?:FAILED|EMPTY_RESPONSE|INTERNET_DISCONNECTED|CONNECTION_\w+)/
const BLOCKED = /blocked by CORS policy/
const REFUSED = /status of (?:4\d\d|503)|Posthorn refused|^(?:4\d\d|503): /

let posthorn: Posthorn
let script: string

beforeAll(async () => {
  posthorn = await startPosthorn({ hasWorker: false })
  script = await trackerScript()
})
afterAll(() => posthorn?.stop())

interface Scene {
  shop: Shop
  project: NewProject
  browser: BrowserContext
  page: Page
  /** The names of the events that are stored, the first first. */
  stored(): Promise<string[]>
}

/** A page of somebody’s shop, with a tracker in it as `tracker`. */
async function visitShop(): Promise<Scene> {
  const project = await newProject(posthorn, 'Shop')
  const shop = await openShop(posthorn, `<script>${script}</script>`)
  onTestFinished(() => shop.close())
  const browser = await openBrowser(
    { ...posthorn, url: shop.url },
    { expected: [UNREACHED, BLOCKED, REFUSED], isOwn: true },
  )
  const page = await browser.newPage()
  await open(page, shop, project)
  const ctx = { ...posthorn, actor: systemActor(project.project.id), requestId: newId() }
  const stored = async () => {
    const { data } = await invoke(ctx, ['events', 'list'], { limit: 100 })
    return data.map(({ name }) => name).toReversed()
  }
  return { shop, project, browser, page, stored }
}

async function open(page: Page, shop: Shop, { publicKey }: NewProject): Promise<void> {
  await page.goto(shop.url)
  await page.evaluate(
    `globalThis.tracker = posthorn.createTracker(${JSON.stringify({ url: shop.posthorn, key: publicKey })})`,
  )
}

const track = (page: Page, event: string, data: object = {}) =>
  page.evaluate(`tracker.track('ada@example.com', ${JSON.stringify(event)}, ${JSON.stringify(data)})`)
const until = ({ stored }: Scene, names: string[]) =>
  eventually(async () => (JSON.stringify(await stored()) === JSON.stringify(names) ? true : undefined), names.join())
const waiting = (page: Page) => page.evaluate<number>(`JSON.parse(Object.values(localStorage)[0] ?? '[]').length`)
const methods = ({ calls }: Shop) => calls.map(({ method }) => method)

/** What a page gets for a call of its own; that it was not let is a TypeError. */
const ask = (page: Page, url: string, headers: Record<string, string>, body: object) =>
  page.evaluate<string>(`
    fetch(${JSON.stringify(url)}, {
      method: 'POST',
      headers: ${JSON.stringify({ 'Content-Type': 'application/json', ...headers })},
      body: ${JSON.stringify(JSON.stringify(body))},
    }).then(
      (answer) => answer.status + ' ' + answer.headers.get('Idempotency-Replayed') + ' ' + (answer.headers.get('X-Request-ID') !== null),
      (error) => error.name,
    )`)

const EVENT = { event: 'visited', email: 'ada@example.com' }

test('a page of another origin reports with all the headers that it may send, and asks beforehand but once', async () => {
  const scene = await visitShop()
  const { page, shop, project } = scene
  const headers = {
    Authorization: `Bearer ${project.publicKey}`,
    'Idempotency-Key': 'once',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  }
  expect(await ask(page, `${shop.posthorn}/v1/track`, headers, EVENT)).toBe('200 null true')
  expect(await ask(page, `${shop.posthorn}/v1/track`, headers, EVENT)).toBe('200 true true')
  expect(methods(shop)).toEqual(['OPTIONS', 'POST', 'POST'])
  expect(shop.calls.at(-1)?.headers).toMatchObject({ traceparent: headers.traceparent, origin: shop.url })
  await until(scene, ['visited'])
})

test('nothing but reporting is let from another origin, whatever the key', async () => {
  const { page, shop, project } = await visitShop()
  const mail = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }
  for (const [path, body] of [
    ['/v1/send', mail],
    ['/v1/contacts', { email: 'ada@example.com' }],
  ] as const) {
    for (const key of [project.secretKey, project.publicKey]) {
      expect(await ask(page, shop.posthorn + path, { Authorization: `Bearer ${key}` }, body)).toBe('TypeError')
    }
  }
  expect(methods(shop)).not.toContain('POST')
})

test('what a page hands over while it is left arrives, and no key stands in an address', async () => {
  const scene = await visitShop()
  const { page, shop, project } = scene
  const body = JSON.stringify({ key: project.publicKey, ...EVENT, event: 'left' })
  await page.evaluate(`addEventListener('pagehide', () => {
    navigator.sendBeacon(${JSON.stringify(`${shop.posthorn}/v1/track`)}, ${JSON.stringify(body)})
  })`)
  await page.goto('about:blank')
  await until(scene, ['left'])
  expect(shop.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v1/track'])
})

test('the tracker asks nobody beforehand, and reports also what happens as the page is left', async () => {
  const scene = await visitShop()
  const { page, shop } = scene
  await page.evaluate(`tracker.identify('ada@example.com', { plan: 'free' })`)
  await until(scene, ['identified'])
  await page.evaluate(`addEventListener('pagehide', () => tracker.track('ada@example.com', 'left'))`)
  await page.goto('about:blank')
  await until(scene, ['identified', 'left'])
  expect(new Set(methods(shop))).toEqual(new Set(['POST']))
})

test('what happens offline is reported in order once there is a network, and once', async () => {
  const scene = await visitShop()
  const { page, browser } = scene
  await browser.setOffline(true)
  const names = Array.from({ length: 30 }, (_, n) => `e${n}`)
  for (const name of names) await track(page, name)
  expect(await waiting(page)).toBe(30)
  expect(await scene.stored()).toEqual([])
  await browser.setOffline(false)
  await until(scene, names)
  await eventually(async () => ((await waiting(page)) === 0 ? true : undefined), 'an empty queue')
})

test('what was not sent when the page was closed is sent by the next one', async () => {
  const scene = await visitShop()
  const { page, browser, shop, project } = scene
  await browser.setOffline(true)
  await track(page, 'first')
  await page.close()
  await browser.setOffline(false)
  await open(await browser.newPage(), shop, project)
  await until(scene, ['first'])
})

test('an event whose answer is lost is sent again and stored once', async () => {
  const scene = await visitShop()
  const { page, shop, project } = scene
  shop.next.push('answer is lost')
  await track(page, 'paid')
  await until(scene, ['paid'])
  await open(page, shop, project)
  await eventually(async () => ((await waiting(page)) === 0 ? true : undefined), 'an empty queue')
  expect(shop.calls.length).toBeGreaterThan(1)
  expect(await scene.stored()).toEqual(['paid'])
})

test('a busy server is asked again when it says so, and what it refuses is given up', async () => {
  const scene = await visitShop()
  const { page, shop } = scene
  shop.next.push(503)
  await track(page, 'early')
  await track(page, 'late')
  expect(await waiting(page)).toBe(2)
  await until(scene, ['early', 'late'])
  await track(page, 'email.sent')
  await track(page, 'after')
  await until(scene, ['early', 'late', 'after'])
  await eventually(async () => ((await waiting(page)) === 0 ? true : undefined), 'an empty queue')
})

test('what a proxy refuses, or a key that is being replaced, stays until it is let through', async () => {
  const scene = await visitShop()
  const { page, shop } = scene
  shop.next.push(401, 404, 408)
  await track(page, 'kept')
  await until(scene, ['kept'])
  expect(shop.next).toEqual([])
  shop.next.push(413)
  await track(page, 'too much')
  await eventually(async () => ((await waiting(page)) === 0 ? true : undefined), 'an empty queue')
  expect(await scene.stored()).toEqual(['kept'])
})

test('what docs/events.md shows works as it stands there', async () => {
  const scene = await visitShop()
  const { page, shop, project } = scene
  const text = await readFile(join(import.meta.dirname, '../../../../docs/events.md'), 'utf8')
  const [tracking = '', beacon = ''] = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) =>
    code
      .replace(/import (.*) from '@posthorn\/sdk\/browser'/, 'const $1 = posthorn')
      .replaceAll('https://mail.example.com', shop.posthorn)
      .replaceAll('pk_ph_…', project.publicKey),
  )
  await page.evaluate(`{${tracking}}`)
  await until(scene, ['identified', 'viewed-prices'])
  await page.evaluate(`{${beacon}}`)
  await until(scene, ['identified', 'viewed-prices', 'left'])
})

test('only the newest hundred wait', async () => {
  const { page, browser } = await visitShop()
  await browser.setOffline(true)
  await page.evaluate(`for (let n = 0; n < 120; n++) tracker.track('ada@example.com', 'e' + n)`)
  expect(await waiting(page)).toBe(100)
})

test('where a page may store nothing, its events are reported all the same', async () => {
  const scene = await visitShop()
  const { page } = scene
  await page.evaluate(`Storage.prototype.setItem = () => { throw new Error('full') }
    Object.defineProperty(globalThis, 'localStorage', { get() { throw new Error('denied') } })`)
  await track(page, 'visited')
  await until(scene, ['visited'])
})
