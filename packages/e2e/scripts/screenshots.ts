import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildDashboard } from '@posthorn/dashboard/build'
import { startTestCluster } from '@posthorn/testkit/cluster'
import { TEST_POSTGRES } from '@posthorn/testkit/database'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../src/browser/launch.ts'
import { paint, settle } from '../src/browser/routes.ts'
import { startPosthorn, type Posthorn } from '../src/posthorn/start.ts'
import { fill } from '../src/screenshots/seed.ts'
import { shots, type Shot } from '../src/screenshots/shots.ts'

const FOLDER = join(import.meta.dirname, '../../../docs/screenshots')
const DESK = { width: 1280, height: 860 }
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const EVERYWHERE = { locale: 'en-GB', timezoneId: 'Europe/Dublin', reducedMotion: 'reduce' } as const

await buildDashboard()
await using opened = new AsyncDisposableStack()
const cluster = await startTestCluster()
opened.defer(() => cluster.stop())
process.env[TEST_POSTGRES] = cluster.connectionString
await keepDurable(cluster.adminConnectionString)
const browser = await launchChromium(process.env['CHROME_PATH'])
opened.defer(() => browser.close())
// The port that the papers speak of, since some pages show it.
const posthorn = await startPosthorn({ port: 3000 })
opened.defer(() => posthorn.stop())
await takeAll(browser, posthorn)

async function takeAll(browser: Browser, posthorn: Posthorn): Promise<void> {
  const desk = await browser.newContext({ ...EVERYWHERE, baseURL: posthorn.url, viewport: DESK })
  const filled = await fill(posthorn, desk)
  const storageState = await desk.storageState()
  const phone = await browser.newContext({ ...EVERYWHERE, ...PHONE, baseURL: posthorn.url, storageState })
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  const [onDesk, onPhone] = [await desk.newPage(), await phone.newPage()]
  for (const shot of shots(filled)) await take(shot.isOnPhone === true ? onPhone : onDesk, shot)
}

async function take(page: Page, { name, path, prepare }: Shot): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(path)
    await settle(page)
    await prepare?.(page)
    await page.waitForLoadState('networkidle')
    await paint(page, colorScheme)
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`), animations: 'disabled', caret: 'hide' })
  }
  console.log(name)
}

/** The cluster of the tests trades durability for speed, which the page of the instance would rightly complain about. */
async function keepDurable(adminConnectionString: string): Promise<void> {
  const client = new pg.Client(adminConnectionString)
  await client.connect()
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    await client.query(`alter system set ${name} = on`)
  }
  await client.query('select pg_reload_conf()')
  await client.end()
}
