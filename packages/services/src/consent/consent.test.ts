import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'
import { createRuntime } from '../runtime.ts'
import { changeConsent } from './consent.ts'
import { createLinkSigner, recipientLinks } from './links.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance({ publicUrl: 'https://mail.example.com' })
  project = await instance.project()
  await project.call(['project', 'update'], { postalAddress: '1 Test Street\n10115 Berlin' })
})

afterAll(() => instance.close())

/** With the address in it, nothing is added. */
const SENDER = ' {{ project.name }}, {{ project.postalAddress }}'
const SHOWN = ' Test, 1 Test Street\n10115 Berlin'

let made = 0
const create = (
  type: 'TRANSACTIONAL' | 'MARKETING' | 'HEADLESS',
  body = `<a href="{{ unsubscribeUrl }}">Out</a>${SENDER}`,
) => project.call(['templates', 'create'], { name: `T${(made += 1)}`, type, subject: 'S', body })

const linksOf = (contactId: string) => recipientLinks(instance.runtime, { projectId: project.id, contactId })

async function sent(change: object) {
  const { emails } = await project.call(['emails', 'send'], { to: 'ada@example.com', ...change })
  return Promise.all(emails.map(({ email }) => mailOf(email)))
}

async function mailOf(id: string) {
  const { contactId, html } = await project.call(['emails', 'get'], { id })
  const { headers } = await instance.db
    .selectFrom('emails')
    .innerJoin('email_contents', (join) =>
      join
        .onRef('email_contents.project_id', '=', 'emails.project_id')
        .onRef('email_contents.id', '=', 'emails.content_id'),
    )
    .select('headers')
    .where('emails.project_id', '=', project.id)
    .where('emails.id', '=', id)
    .executeTakeFirstOrThrow()
  return { contactId, html, headers }
}

const FOR_MACHINES = { Precedence: 'bulk', 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }
const bulkHeaders = (contactId: string) => ({
  ...FOR_MACHINES,
  'List-Unsubscribe': `<${linksOf(contactId).unsubscribeUrl}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
})

describe('links', () => {
  test('say whose they are to the same instance alone, and only for what they are for', () => {
    const linked = { projectId: newId(), contactId: newId() }
    const signer = createLinkSigner('a master key of at least thirty-two characters')
    const token = signer.sign('manage', linked)
    expect(signer.read('manage', { token })).toEqual(linked)
    expect(signer.read('unsubscribe', { token })).toBeUndefined()
    expect(createLinkSigner('another master key of thirty-two characters').read('manage', { token })).toBeUndefined()
  })

  test('are the same whichever process makes them', async () => {
    const another = createRuntime({
      db: instance.db,
      secret: 'a master key of at least thirty-two characters',
      captures: true,
      publicUrl: 'https://mail.example.com',
    })
    const linked = { projectId: project.id, contactId: newId() }
    expect(recipientLinks(another, linked)).toEqual(recipientLinks(instance.runtime, linked))
    await another.close()
  })
})

describe('mail of a template', () => {
  test.each(['MARKETING', 'HEADLESS'] as const)('%s has a way out of its own for each recipient', async (type) => {
    const { id } = await create(type)
    const mails = await sent({ template: id, to: [`a-${type}@example.com`, `b-${type}@example.com`], subscribed: true })
    expect(mails).toHaveLength(2)
    for (const { contactId, html, headers } of mails) {
      expect(headers).toEqual(bulkHeaders(contactId))
      expect(html).toBe(`<a href="${linksOf(contactId).unsubscribeUrl}">Out</a>${SHOWN}`)
    }
  })

  test('has one in its headers where nothing else is filled in', async () => {
    const { id } = await create('MARKETING', '<p>Hello</p>')
    const mails = await sent({ template: id, to: ['c@example.com', 'd@example.com'], subscribed: true })
    expect(mails.map(({ headers }) => headers)).toEqual(mails.map(({ contactId }) => bulkHeaders(contactId)))
  })

  test('that is transactional has the links where it names them, and no such headers', async () => {
    const { id } = await create('TRANSACTIONAL', '<a href="{{ manageUrl }}">{{ subscribeUrl }}</a>')
    const [mail] = await sent({ template: id })
    const { manageUrl, subscribeUrl } = linksOf(mail!.contactId)
    expect(mail).toMatchObject({ headers: {}, html: `<a href="${manageUrl}">${subscribeUrl}</a>` })
  })

  test('keeps the way out and the headers that its sender gives', async () => {
    const { id } = await create('MARKETING')
    const headers = { 'list-unsubscribe': '<mailto:out@example.com>', precedence: 'list' }
    const { Precedence: _, ...others } = FOR_MACHINES
    const [own] = await sent({ template: id, subscribed: true, headers })
    expect(own?.headers).toEqual({ ...headers, ...others })
    const [mail] = await sent({ template: id, subscribed: true, headers: { 'X-Campaign': 'c' } })
    expect(mail?.headers).toEqual({ 'X-Campaign': 'c', ...bulkHeaders(mail!.contactId) })
  })
})

test('a test mail has the links of who gets it, whoever it shows', async () => {
  const { id } = await create('MARKETING')
  const shown = await project.call(['contacts', 'upsert'], { email: 'shown@example.com' })
  const { email } = await project.call(['templates', 'sendTest'], { id, to: 'tester@example.com', contact: shown.id })
  const { contactId, html, headers } = await mailOf(email)
  expect(contactId).not.toBe(shown.id)
  expect({ html, headers }).toEqual({
    html: `<a href="${linksOf(contactId).unsubscribeUrl}">Out</a>${SHOWN}`,
    headers: bulkHeaders(contactId),
  })
  expect(await project.call(['contacts', 'get'], { id: contactId })).toMatchObject({ subscribed: false })
})

test('a rendering has the links of its contact, or examples for nobody and for who may not change contacts', async () => {
  const body = '{{ manageUrl }}'
  const contact = await project.call(['contacts', 'upsert'], { email: 'rendered@example.com' })
  const render = async (change: object, context = {}) =>
    (await project.call(['templates', 'render'], { body, ...change }, context)).html
  expect(await render({ contact: contact.id })).toBe(linksOf(contact.id).manageUrl)
  const reader = { actor: keyActor(project.id, ['templates:read', 'contacts:read']) }
  const examples = [await render({}), await render({ contact: contact.id }, reader)]
  expect(new Set(examples)).toEqual(new Set(['https://mail.example.com/manage/example']))
})

describe('the log of a contact', () => {
  const decide = (contactId: string, subscribed: boolean) =>
    changeConsent(instance.db, {
      projectId: project.id,
      contactId,
      subscribed,
      how: 'one-click',
      ip: '192.0.2.1',
      userAgent: undefined,
    })

  test('lists what they decided, newest first and page by page, and what was so already not', async () => {
    const email = 'decides@example.com'
    const { id } = await project.call(['contacts', 'upsert'], { email })
    for (const subscribed of [true, false, false, true]) await decide(id, subscribed)
    const first = await project.call(['contacts', 'consentLog'], { id: email, limit: 1 })
    const after = { id: email, limit: 1, cursor: first.cursor as string }
    const second = await project.call(['contacts', 'consentLog'], after)
    expect([first.data, second.data, second.hasMore]).toMatchObject([
      [{ subscribed: true, how: 'one-click', ip: '192.0.2.1', userAgent: null }],
      [{ subscribed: false }],
      false,
    ])
  })

  test('keeps the newest hundred, so that nobody can fill the disk with one link', async () => {
    const { id } = await project.call(['contacts', 'upsert'], { email: 'undecided@example.com', subscribed: true })
    for (let nth = 0; nth < 103; nth += 1) await decide(id, nth % 2 === 1)
    const { data, hasMore } = await project.call(['contacts', 'consentLog'], { id, limit: 100 })
    expect([data.length, hasMore, data[0]?.subscribed]).toEqual([100, false, false])
  })

  test('goes with the contact', async () => {
    const { id } = await project.call(['contacts', 'upsert'], { email: 'leaves@example.com' })
    await decide(id, false)
    await project.call(['contacts', 'delete'], { id })
    const left = instance.db.selectFrom('consent_log').select('id').where('contact_id', '=', id)
    expect(await left.where('project_id', '=', project.id).execute()).toEqual([])
    await expect(project.call(['contacts', 'consentLog'], { id })).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
  })
})
