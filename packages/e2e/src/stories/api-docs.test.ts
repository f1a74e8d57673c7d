import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../browser/visit.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn

beforeAll(async () => {
  posthorn = await startPosthorn({ hasWorker: false })
})
afterAll(() => posthorn?.stop())

test('the reference of the API is read without a session, and asks nothing of any other origin', async () => {
  const browser = await openBrowser(posthorn)
  const asked: string[] = []
  browser.on('request', (request) => void asked.push(request.url()))
  const page = await browser.newPage()
  await page.goto('/docs')
  await page.getByRole('heading', { name: 'Posthorn', level: 1 }).waitFor()
  await page.getByRole('link', { name: 'emails', exact: true }).click()
  await page.getByRole('heading', { name: 'Queue mail for one or more recipients' }).waitFor()
  await page.getByText('<p>It works.</p>').first().waitFor()
  await page.waitForLoadState('networkidle')
  expect(asked).toContain(`${posthorn.url}/v1/openapi.json`)
  const own = [`${posthorn.url}/`, 'data:', 'blob:']
  expect(asked.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([])
})
