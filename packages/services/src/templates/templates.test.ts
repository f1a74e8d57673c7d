import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createTemplate, mjml, sentMails } from '../../test/templates.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const create = (change: object = {}) => createTemplate(project, change)
const sent = (change: object) => sentMails(project, change)

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
