import type { WireInput } from '@posthorn/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createTemplate, sentMails } from '../../test/templates.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const create = (change: object = {}) => createTemplate(project, change)
const sent = (change: object) => sentMails(project, change)

describe('a send with a template', () => {
  test('fills it for each recipient with what their contact has and what the request gives', async () => {
    const { id } = await create({ subject: '{{ plan }} for {{ name }}', text: '{{ id }} {{ email }} {{ once }}' })
    await project.call(['contacts', 'upsert'], { email: 'grace@example.com', data: { name: 'Grace', plan: 'free' } })
    const emails = await sent({
      template: id,
      to: ['grace@example.com', { email: 'new@example.com', name: 'New' }],
      data: { plan: 'pro', once: { value: 'x', persistent: false } },
    })
    expect(emails.map(({ subject, text, contactId }) => [subject, text?.replace(contactId, 'ID')])).toEqual([
      ['pro for Grace', 'ID grace@example.com x'],
      ['pro for New', 'ID new@example.com x'],
    ])
    const contact = await project.call(['contacts', 'get'], { id: 'grace@example.com' })
    expect(contact.data).toEqual({ name: 'Grace', plan: 'pro' })
  })

  test('takes from the request what it gives, and the rest from the template', async () => {
    const template = { from: 'news@test.example', fromName: 'News', replyTo: 'help@test.example', text: 'Text' }
    const { id } = await create(template)
    const [whole] = await sent({ template: id })
    expect(whole).toMatchObject({ from: { email: 'news@test.example', name: 'News' }, text: 'Text' })
    expect(whole?.replyTo).toEqual({ email: 'help@test.example', name: null })
    const [changed] = await sent({ template: id, from: 'me@test.example', subject: 'Mine', body: '<p>Mine</p>' })
    expect(changed).toMatchObject({
      from: { email: 'me@test.example' },
      subject: 'Mine',
      html: '<p>Mine</p>',
      text: null,
    })
  })

  test('knows templates by name, and none of another project, none that is a draft, none that is deleted', async () => {
    const { id, name } = await create()
    expect(await sent({ template: name })).toHaveLength(1)
    const draft = await create({ publish: false })
    const other = await instance.project('Elsewhere')
    const theirs = await other.call(['templates', 'create'], { name: 'Theirs', subject: 'a', body: 'b' })
    await project.call(['templates', 'delete'], { id })
    for (const template of [draft.id, theirs.id, 'Theirs', id, newId()]) {
      await expect(sent({ template })).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND', status: 404 })
    }
  })

  test('refuses values that are missing or of another kind than declared, and then makes no contact', async () => {
    const variables = [
      { name: 'code', type: 'string' },
      { name: 'count', type: 'number', fallback: 3 },
    ]
    const { id } = await create({ subject: '{{ code }} {{ count }} {{ id }}', variables })
    const to = 'nobody-yet@example.com'
    const refused = (field: string) => ({ code: 'VALIDATION_ERROR', errors: [{ field }] })
    await expect(sent({ template: id, to })).rejects.toMatchObject(refused('data.code'))
    await expect(sent({ template: id, to, data: { code: 1 } })).rejects.toMatchObject(refused('data.code'))
    await expect(sent({ template: id, to, data: { code: 'a', count: 'b' } })).rejects.toMatchObject(
      refused('data.count'),
    )
    await expect(project.call(['contacts', 'get'], { id: to })).rejects.toMatchObject({ status: 404 })
    const [email] = await sent({ template: id, to, data: { code: { value: 'a', persistent: false } } })
    expect(email?.subject).toBe(`a 3 ${email?.contactId}`)
  })

  test('sends marketing to subscribed contacts alone', async () => {
    const { id } = await create({ type: 'MARKETING' })
    await project.call(['contacts', 'upsert'], { email: 'in@example.com', subscribed: true })
    await project.call(['contacts', 'upsert'], { email: 'out@example.com', subscribed: false })
    await project.call(['project', 'update'], { postalAddress: '1 Test Street' })
    expect(await sent({ template: id, to: 'in@example.com' })).toHaveLength(1)
    await expect(sent({ template: id, to: ['in@example.com', 'out@example.com'] })).rejects.toMatchObject({
      code: 'CONTACT_UNSUBSCRIBED',
      status: 400,
      errors: [{ message: 'out@example.com is not subscribed.' }],
    })
  })

  test('is stopped by nobody who has a public key alone', async () => {
    const { id } = await create({ type: 'HEADLESS', body: '<p>{{ project.postalAddress }}</p>' })
    await project.call(['project', 'update'], { postalAddress: '1 Test Street' })
    const email = 'tracked@example.com'
    await project.call(['contacts', 'upsert'], { email, subscribed: true })
    const actor = { ...keyActor(project.id, ['events:track']), keyKind: 'public', browserFields: [] } as const
    const data = { project: { postalAddress: '1 Fake St' }, contact: 'x', event: 'x', data: 'x', subscribed: 'x' }
    await project.call(['events', 'track'], { event: 'seen', email, data }, { actor })
    expect(await project.call(['contacts', 'get'], { id: email })).toMatchObject({ data })
    expect(await sent({ template: id, to: email })).toMatchObject([{ html: '<p>1 Test Street</p>' }])
  })

  test('in a batch, refuses alone what cannot be filled', async () => {
    const { id } = await create()
    const batch: WireInput<'emails', 'sendBatch'>['emails'] = [
      { to: 'a@example.com', template: id, data: { name: 'A' } },
      { to: 'b@example.com', template: 'No such' },
      { to: 'c@example.com', subject: 'Plain {{ v }}', text: 'c {{ v }}', data: { v: '{{ id }}' } },
      { to: 'd@example.com', subject: '{{ a | nope }}', text: 'd' },
    ]
    const { results } = await project.call(['emails', 'sendBatch'], { emails: batch })
    expect(results).toMatchObject([
      { status: 'accepted' },
      { status: 'refused', error: { code: 'TEMPLATE_NOT_FOUND' } },
      { status: 'accepted' },
      { status: 'refused', error: { code: 'TEMPLATE_INVALID' } },
    ])
    const third = results[2] as { email: string }
    expect(await project.call(['emails', 'get'], { id: third.email })).toMatchObject({
      subject: 'Plain {{ id }}',
      text: 'c {{ id }}',
    })
  })

  test('in a batch, each mail has the id and the links of its own contact, also of one that is new', async () => {
    const { id } = await create({ subject: '{{ id }}', text: '{{ unsubscribeUrl }}' })
    const emails = [1, 2, 3].map((n) => ({ to: `batch-${n}@example.com`, template: id }))
    const { results } = await project.call(['emails', 'sendBatch'], { emails })
    const sentOnes = await Promise.all(
      results.map((one) => project.call(['emails', 'get'], { id: (one as { email: string }).email })),
    )
    expect(sentOnes.map(({ subject }) => subject)).toEqual(sentOnes.map(({ contactId }) => contactId))
    expect(new Set(sentOnes.map(({ text }) => text)).size).toBe(3)
  })

  test('what was sent is sent again as it was, whatever became of the template', async () => {
    const { id } = await create({ text: '{{ v }}' })
    const [email] = await sent({ template: id, data: { v: '{{ name }}' } })
    await project.call(['templates', 'delete'], { id })
    const again = await project.call(['emails', 'sendAgain'], { id: email!.id })
    expect(await project.call(['emails', 'get'], { id: again.id })).toMatchObject({ text: '{{ name }}' })
  })

  test('is counted as a use of the template', async () => {
    const { id } = await create()
    expect(await project.call(['templates', 'usage'], { id })).toEqual({ emails: 0, lastUsedAt: null })
    const [email] = await sent({ template: id })
    expect(await project.call(['templates', 'usage'], { id })).toEqual({ emails: 1, lastUsedAt: email?.createdAt })
  })
})
