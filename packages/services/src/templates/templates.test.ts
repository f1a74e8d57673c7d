import type { WireInput } from '@posthorn/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anotherConnection, keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

let made = 0
const create = (change: object = {}) =>
  project.call(['templates', 'create'], {
    name: `Template ${(made += 1)}`,
    type: 'TRANSACTIONAL',
    subject: 'Hi {{ name }}',
    body: '<p>Hello {{ name ?? "you" }}</p>',
    ...change,
  })

const mjml = (content: string) =>
  `<mjml><mj-body><mj-section><mj-column><mj-text>${content}</mj-text></mj-column></mj-section></mj-body></mjml>`

/** So much that others can ask for something while its HTML is made. */
const LONG_MJML = mjml(`a</mj-text>${'<mj-text><p>a</p></mj-text>'.repeat(400)}<mj-text>`)

async function sent(change: object) {
  const { emails } = await project.call(['emails', 'send'], { to: 'ada@example.com', ...change })
  return Promise.all(emails.map(({ email }) => project.call(['emails', 'get'], { id: email })))
}

describe('versions', () => {
  test('what is written is published at once, unless it is kept as a draft', async () => {
    const first = await create()
    expect(first).toMatchObject({ version: 1, publishedVersion: 1, draftVersion: null, from: null, variables: [] })
    const second = await project.call(['templates', 'update'], { id: first.id, subject: 'Two' })
    expect(second).toMatchObject({ version: 2, publishedVersion: 2, subject: 'Two', body: first.body })
    const third = await project.call(['templates', 'update'], { id: first.id, subject: 'Three', publish: false })
    expect(third).toMatchObject({ version: 3, publishedVersion: 2, draftVersion: 3, subject: 'Three' })
    expect(await sent({ template: first.id })).toMatchObject([{ subject: 'Two' }])
  })

  test('a design stays with the body that was made of it, and goes with one that was written by hand', async () => {
    const design = { editor: 'mine', document: { type: 'doc' } }
    const { id } = await create({ design })
    const renamed = await project.call(['templates', 'update'], { id, subject: 'Anew' })
    expect(renamed).toMatchObject({ version: 2, design })
    expect(await project.call(['templates', 'duplicate'], { id })).toMatchObject({ design })
    const byHand = await project.call(['templates', 'update'], { id, body: '<p>By hand</p>' })
    expect(byHand).toMatchObject({ version: 3, design: null })
    expect(await project.call(['templates', 'publish'], { id, version: 1 })).toMatchObject({ design })
    const alone = project.call(['templates', 'update'], { id, design })
    await expect(alone).rejects.toMatchObject({ errors: [{ field: 'design' }] })
  })

  test('a draft is written over until it is published, and what was published never', async () => {
    const { id } = await create({ publish: false })
    await project.call(['templates', 'update'], { id, subject: 'Draft again', publish: false })
    const published = await project.call(['templates', 'publish'], { id })
    expect(published).toMatchObject({ version: 1, publishedVersion: 1, draftVersion: null, subject: 'Draft again' })
    await project.call(['templates', 'update'], { id, subject: 'Next' })
    expect(await project.call(['templates', 'get'], { id, version: 1 })).toMatchObject({ subject: 'Draft again' })
  })

  test('one can go back to an older version, with the draft kept', async () => {
    const { id } = await create({ subject: 'One' })
    await project.call(['templates', 'update'], { id, subject: 'Two' })
    await project.call(['templates', 'update'], { id, subject: 'Three', publish: false })
    await project.call(['templates', 'publish'], { id, version: 1 })
    expect(await sent({ template: id })).toMatchObject([{ subject: 'One' }])
    const { data } = await project.call(['templates', 'versions'], { id })
    expect(data.map(({ version, isPublished, isDraft }) => [version, isPublished, isDraft])).toEqual([
      [3, false, true],
      [2, false, false],
      [1, true, false],
    ])
  })

  test('they come in pages', async () => {
    const { id } = await create()
    await project.call(['templates', 'update'], { id, subject: 'Two' })
    const first = await project.call(['templates', 'versions'], { id, limit: 1 })
    const second = await project.call(['templates', 'versions'], { id, limit: 1, cursor: first.cursor as string })
    expect([first, second].map(({ data, hasMore }) => [data[0]?.version, hasMore])).toEqual([
      [2, true],
      [1, false],
    ])
    await expect(project.call(['templates', 'versions'], { id, cursor: 'x' })).rejects.toMatchObject({ status: 400 })
  })

  test('only a version that exists can be published', async () => {
    const { id } = await create()
    await expect(project.call(['templates', 'publish'], { id })).rejects.toMatchObject({ code: 'NO_SUCH_VERSION' })
    await expect(project.call(['templates', 'publish'], { id, version: 9 })).rejects.toMatchObject({ status: 404 })
  })

  test('a change is refused where the content is not what it was made on, and a new name is none of it', async () => {
    const { id, revision: ifRevision } = await create({ publish: false })
    await project.call(['templates', 'update'], { id, name: `Named ${id}`, ifRevision, publish: false })
    const next = await project.call(['templates', 'update'], { id, subject: 'Theirs', ifRevision, publish: false })
    expect(next).toMatchObject({ version: 1, draftVersion: 1 })
    const refused = { code: 'TEMPLATE_CHANGED', status: 409 }
    const mine = { id, subject: 'Mine', publish: false }
    await expect(project.call(['templates', 'update'], { ...mine, ifRevision })).rejects.toMatchObject(refused)
    await expect(project.call(['templates', 'publish'], { id, ifRevision })).rejects.toMatchObject(refused)
    expect(await project.call(['templates', 'get'], { id })).toMatchObject({
      subject: 'Theirs',
      revision: next.revision,
    })
    await project.call(['templates', 'update'], { ...mine, ifRevision: next.revision })
    expect(await project.call(['templates', 'update'], mine)).toMatchObject({ subject: 'Mine' })
  })

  test('ten people who save at once lose no version', async () => {
    const { id } = await create()
    const saves = Array.from({ length: 10 }, (_, n) => project.call(['templates', 'update'], { id, subject: `S${n}` }))
    await Promise.all(saves)
    const { data } = await project.call(['templates', 'versions'], { id })
    expect(data.map(({ version }) => version)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  })
})

describe('what a template may be', () => {
  test.each([
    [{ body: '<p>\n{{ name | shout }}</p>' }, 'body', 'There is no filter “shout”. (line 2, column 1)'],
    [{ subject: '{% if a %}' }, 'subject', 'The tag {% if a %} is never closed. (line 1, column 1)'],
    [{ text: '{{ a' }, 'text', /^The placeholder "\{\{ a" is never closed.* \(line 1, column 1\)$/],
    [{ body: '<mjml>\n<mj-body><mj-nope/></mj-body></mjml>' }, 'body', /\(line 2, column 10\)$/],
    [
      { body: '\n{{ "now" | date: "%Y", "Not/AZone" }}' },
      'body',
      'There is no time zone “Not/AZone”. (line 2, column 1)',
    ],
    [
      { body: mjml('\n{{ "now" | date: "%Y", "Not/AZone" }}') },
      'body',
      'There is no time zone “Not/AZone”. (line 2, column 1)',
    ],
    [{ body: '<p onclick="{{ a }}">' }, 'body', /^A value may not stand in .* \(line 1, column 13\)$/],
  ])('%j is refused when it is saved, with its place', async (change, field, message) => {
    const refused = { code: 'TEMPLATE_INVALID', status: 422 }
    await expect(create(change)).rejects.toMatchObject({
      ...refused,
      errors: [{ field, message: message instanceof RegExp ? expect.stringMatching(message) : message }],
    })
    const { id, updatedAt } = await create()
    await expect(project.call(['templates', 'update'], { id, ...change })).rejects.toMatchObject(refused)
    expect(await project.call(['templates', 'get'], { id })).toMatchObject({ version: 1, updatedAt })
  })

  test('two templates of a project cannot have one name, and those of two projects can', async () => {
    const { name } = await create()
    await expect(create({ name: ` ${name} ` })).rejects.toMatchObject({
      code: 'TEMPLATE_NAME_TAKEN',
      errors: [{ field: 'name' }],
    })
    const other = await instance.project('Other')
    const same = { name, subject: 'a', body: 'b' }
    expect(await other.call(['templates', 'create'], same)).toMatchObject({ name, type: 'MARKETING' })
  })

  test('a copy gets a name of its own and can be sent as what it was copied from, unless that is a draft', async () => {
    const { id, name, body } = await create()
    const copy = await project.call(['templates', 'duplicate'], { id })
    expect(copy).toMatchObject({ name: `${name} (Copy)`, body, publishedVersion: 1, draftVersion: null })
    expect(await sent({ template: copy.id })).toHaveLength(1)
    await project.call(['templates', 'update'], { id, body: '<p>Not yet</p>', publish: false })
    expect(await project.call(['templates', 'duplicate'], { id, name: 'Of a draft' })).toMatchObject({
      body: '<p>Not yet</p>',
      publishedVersion: null,
      draftVersion: 1,
    })
    expect(await project.call(['templates', 'duplicate'], { id })).toMatchObject({ name: `${name} (Copy) 2` })
  })

  test('MJML is kept as written and sent as HTML', async () => {
    const body =
      '<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ name }}</mj-text></mj-column></mj-section></mj-body></mjml>'
    const template = await create({ body, name: 'In MJML' })
    expect(template.body).toBe(body)
    const [email] = await sent({ template: 'In MJML', data: { name: 'A&B' } })
    expect(email?.html).toContain('Hi A&amp;B')
    expect(email?.text).toContain('Hi A&B')
  })
})

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

describe('rendering', () => {
  test('shows to the byte what a send and a test mail make of it', async () => {
    const { id } = await create({ text: null, body: '<p>{{ name }} {{ list }} {{ "now" | date: "%Y" }}</p>' })
    const email = 'same@example.com'
    await project.call(['contacts', 'upsert'], { email, data: { name: '<A>', list: ['x', 'y&'] } })
    const rendered = await project.call(['templates', 'render'], { template: id, contact: email })
    const { html, subject } = rendered
    expect(await sent({ template: id, to: email })).toMatchObject([{ html, subject }])
    const test = await project.call(['templates', 'sendTest'], { id, to: 'me@example.com', contact: email })
    expect(await project.call(['emails', 'get'], { id: test.email })).toMatchObject({
      html,
      text: rendered.text,
      subject: `[TEST] ${subject}`,
      to: { email: 'me@example.com' },
    })
  })

  const declared = [
    { name: 'code', type: 'number' },
    { name: 'plan', type: 'string', fallback: 'none' },
    { name: 'list', type: 'list', fallback: [] },
  ]

  test.each([
    [{}, 'free|free|free||1|en'],
    [{ plan: 'zz' }, 'zz|zz|zz||1|en'],
    [{ plan: { value: 'zz', persistent: false } }, 'zz|zz|free||1|en'],
    [{ plan: null }, 'none|none|||1|en'],
    [{ plan: '' }, 'none|none|free||1|en'],
    [{ x: { value: 1, persistent: false } }, 'free|free|free|1|1|en'],
    [{ x: { value: 1, persistent: true } }, 'free|free|free|1|1|en'],
    [{ x: { value: 1 } }, 'free|free|free|{&quot;value&quot;:1}|1|en'],
    [{ x: '<b>{{ code }}' }, 'free|free|free|&lt;b&gt;{{ code }}|1|en'],
    [{ x: [1, null], code: 2 }, 'free|free|free|<li>1</li><li></li>|2|en'],
    [{ locale: 'de' }, 'free|free|free||1|de'],
    [{ locale: { value: 'de', persistent: true } }, 'free|free|free||1|de'],
    [{ locale: null }, 'free|free|free||1|en'],
    [{ project: 'P', contact: 'C', subscribed: 'S' }, 'free|free|free||1|en'],
    [{ code: '1' }, 'data.code'],
    [{ code: null }, 'data.code'],
    [{ plan: 5 }, 'data.plan'],
    [{ list: {} }, 'data.list'],
    [{ email: 'a@example.com' }, 'data.email'],
    [{ unsubscribeUrl: 'https://x.example' }, 'data.unsubscribeUrl'],
    [{ locale: 5 }, 'data.locale'],
  ] as [object, string][])(
    'shows of %j what a send and a test mail make of it, or refuses it as they do',
    async (data, expected) => {
      const values = ['plan', 'data.plan', 'contact.data.plan', 'x', 'code', 'locale'].map((name) => `{{ ${name} }}`)
      const body = `<p>${values.join('|')}</p>{{ project.name }} {{ contact.email }} {{ subscribed }}`
      const { id } = await create({ body, subject: 'S {{ x }}', text: null, variables: declared })
      const email = `shown-${made}@example.com`
      await project.call(['contacts', 'upsert'], { email, data: { plan: 'free', code: 1 } })
      const asRendered = () => project.call(['templates', 'render'], { template: id, contact: email, data } as never)
      const asTest = async () => {
        const test = await project.call(['templates', 'sendTest'], {
          id,
          to: 'me@example.com',
          contact: email,
          data,
        } as never)
        return project.call(['emails', 'get'], { id: test.email })
      }
      const asSent = async () => (await sent({ template: id, to: email, data }))[0]
      if (!expected.startsWith('data.')) {
        const { subject, html, text } = await asRendered()
        expect(html).toContain(`<p>${expected}</p>Test ${email} true`)
        expect(await asTest()).toMatchObject({ subject: `[TEST] ${subject}`, html, text })
        expect(await asSent()).toMatchObject({ subject, html, text })
      } else {
        const refused = { code: 'VALIDATION_ERROR', status: 422, errors: [{ field: expected }] }
        await expect(asSent()).rejects.toMatchObject(refused)
        // Without a value it can still be looked at.
        if (expected === 'data.code' && 'code' in data && data.code === null) {
          expect((await asRendered()).warnings).toMatchObject([{ code: 'missing-value' }])
          return
        }
        await expect(asRendered()).rejects.toMatchObject(refused)
        await expect(asTest()).rejects.toMatchObject(refused)
      }
    },
  )

  test('takes content that is not stored yet, and says what to look at', async () => {
    await project.call(['project', 'update'], { postalAddress: null })
    const body = '<img src="a"><p>{{ nmae }} {{ declared }} {{ given }}</p>'
    const rendered = await project.call(['templates', 'render'], {
      subject: 'S',
      body,
      type: 'MARKETING',
      variables: [{ name: 'declared', type: 'string', fallback: 'd' }],
      data: { given: 'g' },
    })
    expect(rendered).toMatchObject({ subject: 'S', html: '<img src="a"><p> d g</p>' })
    expect(rendered.warnings.map(({ code }) => code)).toEqual([
      'unknown-variable',
      'no-unsubscribe-link',
      'missing-alt',
      'no-postal-address',
    ])
  })

  test('knows what MJML says of its pictures, and what has a fallback of its own', async () => {
    const picture = '<mj-image src="https://a.example/x.png" />'
    const body = `<mjml><mj-body><mj-section><mj-column>${picture}<mj-text>{{ colour ?? 'red' }}</mj-text></mj-column></mj-section></mj-body></mjml>`
    const { warnings } = await project.call(['templates', 'render'], { subject: 'S', body, type: 'TRANSACTIONAL' })
    expect(warnings.map(({ code }) => code)).toEqual(['missing-alt'])
  })

  test.each([
    [{}, 'VALIDATION_ERROR'],
    [{ version: 1, body: 'a' }, 'VALIDATION_ERROR'],
    [{ template: 'No such' }, 'TEMPLATE_NOT_FOUND'],
    [{ body: '{{ a | nope }}' }, 'TEMPLATE_INVALID'],
    [{ body: 'a', contact: 'nobody@example.com' }, 'CONTACT_NOT_FOUND'],
  ])('%j is refused with %s', async (input, code) => {
    await expect(project.call(['templates', 'render'], input)).rejects.toMatchObject({ code })
  })
})

test('templates are listed newest first, by type and by a part of name or subject, and by numbered pages too', async () => {
  const listed = await instance.project('Listed')
  const add = (name: string, type: string, subject: string) =>
    listed.call(['templates', 'create'], { name, type, subject, body: 'b' } as never)
  await add('Welcome', 'TRANSACTIONAL', 'Hello there')
  await add('Offer', 'MARKETING', '50 % off')
  const names = async (input: object) => (await listed.call(['templates', 'list'], input)).data.map(({ name }) => name)
  expect(await names({})).toEqual(['Offer', 'Welcome'])
  expect(await names({ type: 'MARKETING' })).toEqual(['Offer'])
  expect(await names({ search: 'HELLO' })).toEqual(['Welcome'])
  expect(await names({ search: '%' })).toEqual(['Offer'])

  await add('Receipt', 'TRANSACTIONAL', 'Thanks')
  const page = (input: object) => listed.call(['templates', 'list'], input)
  const first = await page({ page: 1, pageSize: 2 })
  expect(first).toMatchObject({ total: 3, totalPages: 2, page: 1, pageSize: 2, hasMore: true })
  expect(await names({ page: 2, pageSize: 2 })).toEqual(['Welcome'])
  expect(await page({ page: 3, pageSize: 2 })).toMatchObject({ data: [], totalPages: 2, hasMore: false })
  expect(await page({ page: 1, type: 'TRANSACTIONAL' })).toMatchObject({ total: 2, totalPages: 1, pageSize: 20 })
  expect(await page({})).toMatchObject({ total: 3, totalPages: 1, page: 1, pageSize: 20 })
  // A cursor goes on where its page ended, whatever number stands beside it.
  expect(await names({ page: 1, pageSize: 2, cursor: first.cursor ?? '' })).toEqual(['Welcome'])
})

describe('MJML takes its time', () => {
  test('and no connection and no lock meanwhile, also where the call happens once', async () => {
    const { id } = await create()
    const db = anotherConnection(instance, 1)
    const update = (idempotencyKey?: string) =>
      project.call(['templates', 'update'], { id, body: LONG_MJML }, { db, idempotencyKey })
    const order: string[] = []
    const note = (name: string) => () => void order.push(name)
    const saves = [update(), update(newId())].map((save) => save.then(note('saved')))
    await project.call(['templates', 'list'], {}, { db }).then(note('listed'))
    await project.call(['templates', 'update'], { id, subject: 'Theirs' }, { db }).then(note('changed'))
    await Promise.all(saves)
    expect(order).toEqual(['listed', 'changed', 'saved', 'saved'])
    expect(await project.call(['templates', 'get'], { id })).toMatchObject({ subject: 'Theirs', version: 4 })
  })

  test('and is made once for each Idempotency-Key', async () => {
    const name = `Once ${newId()}`
    const save = () =>
      project.call(['templates', 'create'], { name, subject: 'a', body: mjml('a') }, { idempotencyKey: name })
    const [first, second] = await Promise.all([save(), save()])
    expect(second).toEqual(first)
    expect(await save()).toEqual(first)
  })

  test('and who asks for much waits for their own alone; who has given up leaves the others their place', async () => {
    const other = await instance.project('Other')
    const gone = new AbortController()
    const show = (of: TestProject, body: string) =>
      of.call(['templates', 'render'], { subject: 'a', body }, { ended: () => gone.signal })
    // What is done for the first time takes longer than a document: connections, and code that is not compiled yet.
    await Promise.all([...Array.from({ length: 10 }, () => show(project, 'a')), show(other, 'b')])
    await show(project, LONG_MJML)
    const flood = Array.from({ length: 22 }, () => show(project, LONG_MJML))
    const outcomes = Promise.allSettled(flood)
    const calm = other.call(['templates', 'render'], { subject: 'a', body: mjml('b') })
    await expect(Promise.race([calm, ...flood.slice(2, 21)])).resolves.toEqual(await calm)
    gone.abort()
    const refused = (await outcomes).filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(15)
    expect(refused[0]).toMatchObject({ reason: { code: 'SERVER_BUSY', status: 503 } })
    expect((await calm).html).toContain('b')
  })
})
