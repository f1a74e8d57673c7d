import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createTemplate, sentMails } from '../../test/templates.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const create = (change: object = {}) => createTemplate(project, change)
const sent = (change: object) => sentMails(project, change)

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
      const email = `shown-${id}@example.com`
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
