import { invoke, newId, recipientLinks, systemActor } from '@posthorn/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../browser/axe.ts'
import { openBrowser } from '../browser/visit.ts'
import { newProject } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn

beforeAll(async () => {
  posthorn = await startPosthorn({ hasWorker: false })
})
afterAll(() => posthorn?.stop())

test.each(['light', 'dark'] as const)(
  'a reader unsubscribes and comes back, on a small screen, in %s colours, without a barrier',
  async (colorScheme) => {
    const { db, runtime, url } = posthorn
    const { project } = await newProject(posthorn, 'Acme')
    const context = { db, runtime, actor: systemActor(project.id), requestId: newId() }
    const { id } = await invoke(context, ['contacts', 'upsert'], { email: 'ada@example.com', data: { locale: 'de' } })
    const isSubscribed = async () => (await invoke(context, ['contacts', 'get'], { id })).subscribed
    const links = recipientLinks(runtime, { projectId: project.id, contactId: id })

    const browser = await openBrowser(posthorn, {
      colorScheme,
      viewport: { width: 320, height: 640 },
      isOwn: true,
    })
    const page = await browser.newPage()
    await page.goto(`${url}${new URL(links.unsubscribeUrl).pathname}`)
    expect(await findBarriers(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
    expect(await page.evaluate('getComputedStyle(document.querySelector("button")).minHeight')).toBe('44px')
    await page.getByRole('button', { name: 'Abmelden' }).click()
    await page.getByRole('heading', { name: 'a•••@example.com erhält keine Newsletter von Acme.' }).waitFor()
    expect(await isSubscribed()).toBe(false)
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await page.getByRole('heading', { name: 'a•••@example.com erhält Newsletter von Acme.' }).waitFor()
    expect(await isSubscribed()).toBe(true)
  },
)
