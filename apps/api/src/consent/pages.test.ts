import type { WireInput } from '@posthorn/contracts'
import { invoke, newId, recipientLinks, systemActor } from '@posthorn/services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../../test/start-test-api.ts'

let api: TestApi
let projectId: string

beforeAll(async () => {
  api = await startTestApi()
  projectId = (await api.newProject()).project.id
})

afterAll(() => api.stop())

const context = () => ({ db: api.db, runtime: api.runtime, actor: systemActor(projectId), requestId: newId() })

let made = 0
async function newContact(wish: Partial<WireInput<'contacts', 'upsert'>> = {}) {
  const email = `reader-${(made += 1)}@example.com`
  const { id } = await invoke(context(), ['contacts', 'upsert'], { email, ...wish })
  const { unsubscribeUrl, subscribeUrl, manageUrl } = recipientLinks(api.runtime, { projectId, contactId: id })
  const here = (url: string) => `${api.url}${new URL(url).pathname}`
  return {
    id,
    email,
    unsubscribe: here(unsubscribeUrl),
    subscribe: here(subscribeUrl),
    manage: here(manageUrl),
    isSubscribed: async () => (await invoke(context(), ['contacts', 'get'], { id })).subscribed,
    log: () =>
      api.db
        .selectFrom('consent_log')
        .select(['subscribed', 'how', 'user_agent', 'ip'])
        .where('project_id', '=', projectId)
        .where('contact_id', '=', id)
        .orderBy('id')
        .execute(),
  }
}

async function get(url: string, init: RequestInit = {}) {
  const response = await fetch(url, { redirect: 'manual', ...init })
  return { status: response.status, headers: response.headers, html: await response.text() }
}

const post = (url: string, body?: URLSearchParams | FormData | string, headers: Record<string, string> = {}) =>
  get(url, { method: 'POST', headers, ...(body !== undefined && { body }) })

const buttonOf = (html: string, at: string) => new URL(/action="([^"]+)"/.exec(html)?.[1] ?? 'none', at).href

const oneClick = () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })

function oneClickForm() {
  const form = new FormData()
  form.set('List-Unsubscribe', 'One-Click')
  return form
}

describe('reading a page', () => {
  test.each(['GET', 'HEAD'])('by %s changes nothing, however often and by whatever scanner', async (method) => {
    const reader = await newContact()
    for (const url of [reader.unsubscribe, reader.subscribe, reader.manage]) {
      expect((await get(url, { method })).status).toBe(200)
    }
    expect([await reader.isSubscribed(), await reader.log()]).toEqual([true, []])
    const out = await newContact({ subscribed: false })
    for (const url of [out.unsubscribe, out.subscribe, out.manage]) await get(url, { method })
    expect([await out.isSubscribed(), await out.log()]).toEqual([false, []])
  })

  test('runs and loads nothing, is kept and found by nobody, and does not spell out the address', async () => {
    const { manage, email } = await newContact()
    const { headers, html } = await get(manage)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('set-cookie')).toBeNull()
    expect(html).not.toMatch(/<script|https?:|src=/)
    expect(html).not.toContain(email)
    expect(html).toContain('r•••@example.com')
  })

  test.each([
    ['de-AT', 'de', 'Abmelden'],
    ['fr', 'fr', 'Se désabonner'],
    ['es-MX', 'es', 'Darse de baja'],
    ['it', 'it', 'Annulla l’iscrizione'],
    ['nl', 'nl', 'Afmelden'],
    ['pt-BR', 'en', 'Unsubscribe'],
  ])('is in the language of the contact: %s', async (locale, language, words) => {
    const { html } = await get((await newContact({ data: { locale } })).unsubscribe)
    expect(html).toContain(`<html lang="${language}">`)
    expect(html).toContain(`>${words}</button>`)
  })

  test('is in the language of the project where the contact has none, and shows its name as text', async () => {
    const { unsubscribe } = await newContact()
    const before = await api.db.selectFrom('projects').selectAll().where('id', '=', projectId).executeTakeFirstOrThrow()
    const change = (set: object) => api.db.updateTable('projects').set(set).where('id', '=', projectId).execute()
    await change({ language: 'nl', name: '<b>{address}</b>' })
    const { html } = await get(unsubscribe)
    await change({ language: before.language, name: before.name })
    expect(html).toContain('Geen nieuwsbrieven van &lt;b&gt;{address}&lt;/b&gt; meer')
  })
})

describe('one click', () => {
  test.each([
    ['as a form', oneClick],
    ['as a form of parts', oneClickForm],
  ])('%s unsubscribes at once, without a cookie or a question', async (_, body) => {
    const reader = await newContact()
    const answer = await post(reader.unsubscribe, body(), { 'User-Agent': 'Some mail program' })
    expect([answer.status, await reader.isSubscribed()]).toEqual([200, false])
    expect(await reader.log()).toEqual([
      {
        subscribed: false,
        how: 'one-click',
        user_agent: 'Some mail program',
        ip: expect.stringContaining('127.0.0.1'),
      },
    ])
  })

  test('twenty times at once is kept once', async () => {
    const reader = await newContact()
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(reader.unsubscribe, oneClick())))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect([await reader.isSubscribed(), (await reader.log()).length]).toEqual([false, 1])
  })

  test('answers 200 when the contact is gone, or the whole project, and brings nobody back', async () => {
    const { id, email, unsubscribe, subscribe, manage } = await newContact()
    await invoke(context(), ['contacts', 'delete'], { id })
    for (const url of [unsubscribe, subscribe]) expect((await post(url, oneClick())).status).toBe(200)
    expect((await get(manage)).html).toContain('on the list no more')
    await expect(invoke(context(), ['contacts', 'get'], { id: email })).rejects.toMatchObject({ status: 404 })
    const links = recipientLinks(api.runtime, { projectId: newId(), contactId: newId() })
    expect((await post(`${api.url}${new URL(links.unsubscribeUrl).pathname}`, oneClick())).status).toBe(200)
  })

  test('works with a body that is none of this, or longer than anybody reads', async () => {
    for (const body of ['{"a":', 'x'.repeat(300_000)]) {
      const reader = await newContact()
      expect((await post(reader.unsubscribe, body, { 'Content-Type': 'application/json' })).status).toBe(200)
      expect([await reader.isSubscribed(), (await reader.log())[0]?.how]).toEqual([false, 'page'])
    }
  })
})

test('the buttons of the page unsubscribe, and subscribe again, and each is kept with when and how', async () => {
  const reader = await newContact()
  const asked = await get(reader.unsubscribe)
  const out = await post(buttonOf(asked.html, reader.unsubscribe))
  expect(await reader.isSubscribed()).toBe(false)
  const back = await post(buttonOf(out.html, reader.unsubscribe))
  expect(await reader.isSubscribed()).toBe(true)
  await post(buttonOf(back.html, reader.subscribe))
  await post(buttonOf((await get(reader.manage)).html, reader.manage))
  expect((await reader.log()).map(({ subscribed, how }) => [subscribed, how])).toEqual([
    [false, 'page'],
    [true, 'page'],
    [false, 'page'],
    [true, 'page'],
  ])
})

test('a link that was altered anywhere, or is for something else, is no link, and nothing says why', async () => {
  const reader = await newContact()
  const token = reader.unsubscribe.split('/').at(-1) as string
  const altered = Array.from(
    token,
    (sign, at) => `${token.slice(0, at)}${sign === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`,
  )
  const other = reader.subscribe.split('/').at(-1) as string
  const wrong = [...altered, other, 'example', token.slice(1), `${token}A`, `${token}=`, 'A'.repeat(64)]
  const answers = await Promise.all(wrong.map((one) => post(`${api.url}/unsubscribe/${one}`, oneClick())))
  expect(new Set(answers.map(({ status, html }) => `${status} ${html}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(404)
  expect((await get(`${api.url}/manage/${token}`)).html).toBe(answers[0]?.html)
  expect(await reader.isSubscribed()).toBe(true)
})

test('other methods are refused', async () => {
  const { unsubscribe, manage } = await newContact()
  expect((await get(unsubscribe, { method: 'DELETE' })).headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS')
  expect((await post(manage)).status).toBe(405)
})

test('no link gets into the log', async () => {
  const { unsubscribe } = await newContact()
  await get(unsubscribe)
  expect(api.lines.some((line) => line.includes('"unsubscribe page"'))).toBe(true)
  expect(api.lines.join('\n')).not.toContain(unsubscribe.split('/').at(-1))
})
