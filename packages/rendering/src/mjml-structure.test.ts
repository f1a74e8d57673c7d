import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { RENDER_LIMITS } from './limits.ts'
import { CONTENT_ELEMENTS } from './mjml-structure.ts'
import { compileMjml as compileInTurn } from './mjml.ts'
import { compileTemplate } from './template.ts'
import { BusyError } from './turns.ts'

const compileMjml = (mjml: string) => compileInTurn(mjml, { of: 'test' })

const SURROUNDINGS = { timeZone: 'UTC', now: new Date(0) }

const section = (column: string) => `<mj-section>${column}</mj-section>`
const column = (content: string) => `<mj-column>${content}</mj-column>`
const text = (words: string) => `<mj-text>${words}</mj-text>`
const mail = (body: string) => `<mjml><mj-body>${body}</mj-body></mjml>`
const whole = (content: string) => mail(section(column(content)))
const shown = (content: string) => `{% if show %}${content}{% endif %}`
const each = (content: string) => `{% for v in list %}${content}{% endfor %}`
const item = text('ITEM {{ v }};')

async function render(mjml: string, variables: Record<string, unknown>) {
  const html = await compileMjml(mjml)
  return compileTemplate({ subject: '', html, text: null }).render(variables, SURROUNDINGS)
}

describe('a condition around an element holds', () => {
  test.each([
    ['a section', mail(shown(section(column(item))))],
    ['a wrapper', mail(shown(`<mj-wrapper>${section(column(item))}</mj-wrapper>`))],
    ['a section of a wrapper', mail(`<mj-wrapper>${shown(section(column(item)))}</mj-wrapper>`)],
    ['a hero', mail(shown(`<mj-hero>${item}</mj-hero>`))],
    ['a text of a hero', mail(`<mj-hero>${shown(item)}</mj-hero>`)],
    ['a column', mail(section(column(text('a')) + shown(column(item))))],
    ['a column of a group', mail(section(`<mj-group>${shown(column(item))}</mj-group>`))],
    ['a text', whole(shown(item))],
    ['a part of a text', whole(text(shown('ITEM')))],
    ['a button', whole(shown('<mj-button href="https://x.example">ITEM</mj-button>'))],
    ['a table', whole(shown('<mj-table><tr><td>ITEM</td></tr></mj-table>'))],
    ['a row', whole(`<mj-table>${shown('<tr><td>ITEM</td></tr>')}</mj-table>`)],
    ['a link', whole(`<mj-navbar>${shown('<mj-navbar-link href="/">ITEM</mj-navbar-link>')}</mj-navbar>`)],
    [
      'a network',
      whole(`<mj-social>${shown('<mj-social-element name="web" href="/">ITEM</mj-social-element>')}</mj-social>`),
    ],
    [
      'what folds',
      whole(
        `<mj-accordion>${shown('<mj-accordion-element><mj-accordion-title>ITEM</mj-accordion-title></mj-accordion-element>')}</mj-accordion>`,
      ),
    ],
    [
      'what its author wraps',
      mail(`<mj-raw>{% if show %}</mj-raw>${section(column(item))}<mj-raw>{% endif %}</mj-raw>`),
    ],
    ['an address', whole(`<mj-button href="https://x.example/${shown('ITEM')}">a</mj-button>`)],
    ['what starts a line', mail(`\n  {% if show %}\n  ${section(column(item))}\n  {% endif %}\n`)],
  ])('%s', async (_, mjml) => {
    expect((await render(mjml, { show: true })).html).toContain('ITEM')
    expect((await render(mjml, { show: false })).html).not.toContain('ITEM')
  })
})

describe('a loop around an element writes it for each', () => {
  test.each([
    ['a section', mail(each(section(column(item))))],
    ['a column', mail(section(each(column(item))))],
    ['a text', whole(each(item))],
    ['a part of a text', whole(text(each('ITEM {{ v }};')))],
  ])('%s', async (_, mjml) => {
    const { html } = await render(mjml, { list: ['a', 'b'] })
    expect(html?.match(/ITEM \w;/g)).toEqual(['ITEM a;', 'ITEM b;'])
    expect((await render(mjml, { list: [] })).html).not.toContain('ITEM')
  })
})

test('what stands in the head counts where it is used', async () => {
  const head =
    '<mj-head><mj-title>{{ t }}</mj-title><mj-attributes><mj-text font-family="{{ c }}" /><mj-button font-family="{{ c }}" /></mj-attributes></mj-head>'
  const { html } = await render(whole(text('a')).replace('<mj-body>', `${head}<mj-body>`), { t: 'TITLE', c: 'serif' })
  expect(html).toContain('<title>TITLE</title>')
  expect(html).toContain('font-family:serif')
})

test('a colour may be a value, wherever one stands', async () => {
  const colours =
    '<mj-text color="{{ c }}" container-background-color="#{{ d }}">a</mj-text><mj-divider border-color="{{ c }}" />'
  const { html } = await render(mail(`<mj-section background-color="{{ c }}">${column(colours)}</mj-section>`), {
    c: 'teal',
    d: '123',
  })
  expect(html?.match(/teal/g)?.length).toBeGreaterThanOrEqual(3)
  expect(html).toContain('background:#123')
})

describe('what MJML would leave out without a word is refused with its place', () => {
  const body = '<mj-body></mj-body>'
  test.each([
    [mail(section(column('<mj-text>a'))), 'The element <mj-text> is never closed.', 1, 39],
    [
      '<mjml><mj-body>\n<mj-section><mj-column>\n <mj-text>a</mj-section></mj-body>',
      'The element <mj-text> is never',
      3,
      2,
    ],
    [whole('<mj-text>a<mj-text>b</mj-text>'), 'The element <mj-text> is never closed.', 1, 39],
    [mail(`<mj-section>${column('')}`), 'The element <mj-section> is never closed.', 1, 16],
    ['<mjml><mj-body>', 'The element <mj-body> is never closed.', 1, 7],
    [mail('{{ a }}\n</mj-column>'), 'The end tag </mj-column> has no beginning.', 2, 1],
    [`${mail('')}${section('')}`, '<mj-section> cannot stand behind </mjml>.', 1, 33],
    [`<mjml>${body}${body}</mjml>`, 'There can be only one <mj-body>.', 1, 26],
    [`<mjml>{% if a %}${body}{% endif %}</mjml>`, 'between the elements of <mjml>', 1, 7],
    [`<mjml><mj-head>\n{% if a %}</mj-head>${body}</mjml>`, 'between the elements of <mj-head>', 2, 1],
    [whole(`<mj-carousel>${shown('<mj-carousel-image src="a" />')}</mj-carousel>`), 'elements of <mj-carousel>', 1, 52],
    [`<!-- {% if a %} -->${mail('')}<!-- {% endif %} -->`, 'MJML would leave this out where it stands.', 1, 6],
    [whole('<mj-divider>{{ a }}</mj-divider>'), 'between the elements of <mj-divider>', 1, 51],
  ])('%s', async (mjml, message, line, column) => {
    await expect(compileMjml(mjml)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), line, column }),
    )
  })

  test('the line of a mistake is that of its author, also behind Liquid of several lines', async () => {
    const mjml = whole('{% comment %}\n\n{% endcomment %}\n<mj-text colour="{{ red }}">x</mj-text>')
    await expect(compileMjml(mjml)).rejects.toThrow(expect.objectContaining({ line: 4, column: 1 }))
  })

  test.each([
    ['{{ a | nope }}', 'There is no filter “nope”.', 2, 10],
    ['{% if a %}', 'The tag {% if a %} is never closed.', 2, 10],
    ['<p onclick="{{ a }}">a</p>', 'A value may not stand in ', 2, 22],
  ])('%s is a mistake at the place of its author', async (words, message, line, column) => {
    await expect(compileMjml(whole(`\n${text(words)}`))).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), line, column }),
    )
  })

  test.each([
    [
      `${text('a')}<mj-text>b</mj-text><mj-text align="left" colour="red">c</mj-text>`,
      'Attribute colour is illegal.',
      41,
    ],
    ['<mj-text>a</mj-text> <mj-nope></mj-nope>', "Element mj-nope doesn't exist or is not registered.", 22],
    ['<mj-image src="{{ a }}" width="{{ b }}" />', 'Liquid cannot stand in `width`', 1],
    ['{% if a %}<mj-text font-size="{{ b }}">a</mj-text>{% endif %}', 'Liquid cannot stand in `font-size`', 11],
    ['<mj-include path="a.mjml" />', '<mj-include> is not taken: no other file is read.', 1],
  ])('%s is a mistake of MJML at its column', async (content, message, column) => {
    await expect(compileMjml(whole(`\n${content}`))).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), line: 2, column }),
    )
  })
})

describe('a document that asks for too much is refused', () => {
  test.each([
    ['elements', mail(section('').repeat(8_000)), `more than ${RENDER_LIMITS.mjmlElements} elements`],
    ['tags', mail('{% assign a = 1 %}'.repeat(4_000)), `more than ${RENDER_LIMITS.mjmlElements} elements`],
    ['depth', mail('<mj-section>'.repeat(5_000)), 'nested too deeply'],
  ])('%s', async (_, mjml, message) => {
    await expect(compileMjml(mjml)).rejects.toThrow(message)
  })

  test('time, while everything else goes on, and the next document is none the worse', async () => {
    const rules = Array.from({ length: 4_000 }, (_, index) => `.c${index} div p{color:red}`).join('\n')
    const style = `<mj-head><mj-style inline="inline">${rules}</mj-style></mj-head>`
    const slow = mail(section(column(text('<p>a</p>'))).repeat(600)).replace('<mj-body>', `${style}<mj-body>`)
    let last = performance.now()
    let longest = 0
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 10)
    await expect(compileMjml(slow)).rejects.toThrow(`It takes MJML longer than ${RENDER_LIMITS.mjmlMs} ms.`)
    clearInterval(ticks)
    expect(longest).toBeLessThan(RENDER_LIMITS.mjmlMs / 2)
    expect(await compileMjml(whole(text('fine')))).toContain('fine')
  })
})

test('so many documents may wait for their turn, and no more', async () => {
  const all = await Promise.allSettled(
    Array.from({ length: RENDER_LIMITS.mjmlWaiting + 3 }, () => compileMjml(whole(item))),
  )
  const refused = all.filter((one) => one.status === 'rejected').map(({ reason }) => reason)
  expect(refused).toEqual([expect.any(BusyError), expect.any(BusyError)])
})

test('no font is fetched that the author has not asked for', async () => {
  expect(await compileMjml(whole(text('a')))).not.toContain('fonts.googleapis.com')
})

test('the elements that hold content are those of MJML', () => {
  const require = createRequire(createRequire(import.meta.url).resolve('mjml'))
  type Component = { endingTag: boolean; getTagName(): string }
  const { components } = require('mjml-core') as { components: Record<string, Component> } // Safe because the names are compared.
  require('mjml')
  const names = Object.values(components).filter(({ endingTag }) => endingTag)
  expect(new Set(names.map((component) => component.getTagName()))).toEqual(CONTENT_ELEMENTS)
})
