import type { WireInput } from '@posthorn/contracts'
import { invoke, newId, recipientLinks, systemActor } from '@posthorn/services'
import express from 'express'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { consentPages } from './pages.ts'
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

const buttonsOf = (html: string, at: string) =>
  [...html.matchAll(/action="([^"]+)"/g)].map(([, action = 'none']) => new URL(action, at).href)
const buttonOf = (html: string, at: string) => buttonsOf(html, at)[0] ?? 'none'

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
    expect([await out.isSubscribed(), (await out.log()).map(({ how }) => how)]).toEqual([false, ['system']])
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
  expect((await get(manage, { method: 'PUT' })).status).toBe(405)
})

test('no link gets into the log', async () => {
  const { unsubscribe } = await newContact()
  await get(unsubscribe)
  expect(api.lines.some((line) => line.includes('"unsubscribe page"'))).toBe(true)
  expect(api.lines.join('\n')).not.toContain(unsubscribe.split('/').at(-1))
})

describe('topics', () => {
  let made = 0
  async function newTopic(name: string, change: Partial<WireInput<'topics', 'create'>> = {}) {
    const topic = await invoke(context(), ['topics', 'create'], { id: `topic-${(made += 1)}`, name, ...change })
    onTestFinished(
      async () => void (await invoke(context(), ['topics', 'delete'], { id: topic.id }).catch(() => undefined)),
    )
    return topic
  }
  const statesOf = async (id: string) =>
    (await invoke(context(), ['contacts', 'topics'], { id })).data.map(({ id: topic, state }) => `${topic} ${state}`)
  const linkOf = (contactId: string, topic: string) => {
    const { unsubscribeUrl } = recipientLinks(api.runtime, { projectId, contactId }, topic)
    return `${api.url}${new URL(unsubscribeUrl).pathname}`
  }

  test('are left by themselves, by the button or by one click, and all else by the other button', async () => {
    const { id: topic } = await newTopic('Weekly <b>', { subscribedByDefault: true })
    const reader = await newContact()
    const link = linkOf(reader.id, topic)
    const asked = await get(link)
    expect(asked.html).toContain('Stop “Weekly &lt;b&gt;” from ')
    expect(await statesOf(reader.id)).toEqual([`${topic} subscribed`])
    const left = await post(buttonOf(asked.html, link))
    expect([await statesOf(reader.id), await reader.isSubscribed()]).toEqual([[`${topic} opted-out`], true])
    await post(buttonOf(left.html, link))
    expect(await statesOf(reader.id)).toEqual([`${topic} subscribed`])
    expect((await post(link, oneClick())).status).toBe(200)
    expect([await statesOf(reader.id), await reader.isSubscribed()]).toEqual([[`${topic} opted-out`], true])
    await post(buttonsOf((await get(link)).html, link)[1] as string)
    expect(await reader.isSubscribed()).toBe(false)
  })

  test('are chosen on the page for all, which offers those that recipients may see', async () => {
    const [weekly, news] = [await newTopic('Weekly', { description: 'On Mondays' }), await newTopic('News')]
    const hidden = await newTopic('Hidden', { visible: false, subscribedByDefault: true })
    const reader = await newContact()
    const { html } = await get(reader.manage)
    expect(html).toContain('On Mondays')
    expect(html).not.toContain('Hidden')
    expect(html.match(/checked/g)).toBeNull()
    const fields = new URLSearchParams([
      ...[...html.matchAll(/name="shown" value="([^"]+)"/g)].map(([, id = '']): [string, string] => ['shown', id]),
      ['topic', weekly.id],
      ['topic', hidden.id],
      ['shown', hidden.id],
    ])
    const saved = await post(buttonOf(html, reader.manage), fields)
    expect(saved.html).toContain('Saved.')
    expect(saved.html.match(/checked/g)).toHaveLength(1)
    expect((await statesOf(reader.id)).toSorted()).toEqual(
      [`${weekly.id} subscribed`, `${news.id} unsubscribed`, `${hidden.id} subscribed`].toSorted(),
    )
    expect(await reader.log()).toMatchObject([{ subscribed: true, how: 'page' }])
  })

  test('of which the link was altered, or is of another topic or contact, are none', async () => {
    const [weekly, news] = [await newTopic('Weekly', { subscribedByDefault: true }), await newTopic('News')]
    const reader = await newContact()
    const link = linkOf(reader.id, weekly.id)
    const token = link.split('/').at(-2) as string
    for (const wrong of [`${token}/${news.id}`, `${token}/${weekly.id}x`, `${token}/%2e%2e`, token]) {
      expect((await post(`${api.url}/unsubscribe/${wrong}`, oneClick())).status).toBe(404)
    }
    const whole = reader.unsubscribe.split('/').at(-1) as string
    expect((await post(`${api.url}/unsubscribe/${whole}/${weekly.id}`, oneClick())).status).toBe(404)
    expect([await statesOf(reader.id), await reader.isSubscribed()]).toEqual([
      expect.arrayContaining([`${weekly.id} subscribed`]),
      true,
    ])
  })

  test('of which one is gone lead out of all mail, so that a way out never leads nowhere', async () => {
    const { id: topic } = await newTopic('Weekly')
    const reader = await newContact()
    const link = linkOf(reader.id, topic)
    await invoke(context(), ['topics', 'delete'], { id: topic })
    await post(link, oneClick())
    expect(await reader.isSubscribed()).toBe(false)
  })
})

describe('confirming', () => {
  const inProject = (doubleOptIn: boolean) => invoke(context(), ['project', 'update'], { doubleOptIn })
  const linkTo = async (to: string) => {
    const { data } = await invoke(context(), ['emails', 'list'], { to, tag: 'confirmation' })
    const { text } = await invoke(context(), ['emails', 'get'], { id: data[0]?.id ?? '' })
    return `${api.url}${/\/confirm\/[\w-]{64}/.exec(text ?? '')?.[0]}`
  }
  async function asked() {
    await inProject(true)
    const reader = await newContact()
    await inProject(false)
    return { ...reader, link: await linkTo(reader.email) }
  }

  test('takes the button: neither opening the link nor a scanner that follows it does', async () => {
    const reader = await asked()
    for (const method of ['GET', 'HEAD', 'GET']) expect((await get(reader.link, { method })).status).toBe(200)
    expect([await reader.isSubscribed(), await reader.log()]).toEqual([false, []])
    const { html } = await get(reader.link)
    expect(html).toContain('Get newsletters from ')
    const done = await post(buttonOf(html, reader.link), undefined, { 'User-Agent': 'Her browser' })
    expect(done.html).toContain('is confirmed at ')
    expect(done.html).not.toContain('<button')
    expect(await reader.isSubscribed()).toBe(true)
    expect(await reader.log()).toEqual([
      { subscribed: true, how: 'confirmation', user_agent: 'Her browser', ip: expect.stringContaining('127.0.0.1') },
    ])
    expect((await post(reader.link)).html).toBe(done.html)
    expect((await reader.log()).length).toBe(1)
  })

  test('takes the link as it was signed, and no other of the contact', async () => {
    const reader = await asked()
    const token = reader.link.split('/').at(-1) as string
    const others = [reader.subscribe, reader.manage].map((url) => url.split('/').at(-1) as string)
    for (const wrong of [...others, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, token.slice(1)]) {
      expect((await post(`${api.url}/confirm/${wrong}`)).status).toBe(404)
    }
    expect((await post(`${api.url}/subscribe/${token}`)).status).toBe(404)
    expect(await reader.isSubscribed()).toBe(false)
  })

  test('says that a link is over, and that a contact is gone', async () => {
    const reader = await asked()
    await api.db
      .updateTable('confirmations')
      .set({ expires_at: new Date(0) })
      .where('contact_id', '=', reader.id)
      .execute()
    expect((await post(reader.link)).html).toContain('works no more')
    await invoke(context(), ['contacts', 'delete'], { id: reader.id })
    expect((await post(reader.link)).html).toContain('on the list no more')
  })
})

test('while the database is away, people read a page, in their language, and are asked to come back', async () => {
  const reader = await newContact()
  const db = api.db.withPlugin({
    transformQuery: () => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    },
    transformResult: ({ result }) => Promise.resolve(result),
  })
  const app = express().use((_req, res, next) => {
    res.locals['record'] = {}
    next()
  })
  const server = app.use(consentPages({ runtime: { ...api.runtime, db }, answerMs: 5_000 })).listen(0)
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  for (const [path, method] of [
    [new URL(reader.unsubscribe).pathname, 'GET'],
    [new URL(reader.unsubscribe).pathname, 'POST'],
    [new URL(reader.manage).pathname, 'POST'],
  ] as const) {
    const answer = await get(`http://127.0.0.1:${port}${path}`, { method, headers: { 'Accept-Language': 'de' } })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.html).toContain('Das geht gerade nicht')
  }
})
