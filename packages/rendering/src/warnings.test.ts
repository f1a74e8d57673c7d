import { describe, expect, test } from 'vitest'
import { compileMjml } from './mjml.ts'
import { warningsOf } from './warnings.ts'

const codes = (judged: Partial<Parameters<typeof warningsOf>[0]>) =>
  warningsOf({ html: '<p></p>', variables: [], ...judged }).map(({ code }) => code)

test('variables that nobody has are named', () => {
  const known = new Set(['name', 'email', 'first name'])
  const variables = [
    'name',
    'data.name',
    'contact.email',
    'nmae',
    'data.nmae',
    'event.x',
    "['first name']",
    'name.first',
  ]
  expect(warningsOf({ html: null, variables, known })).toEqual([
    { code: 'unknown-variable', message: 'No contact and no declared variable has “nmae”.' },
    { code: 'unknown-variable', message: 'No contact and no declared variable has “data.nmae”.' },
  ])
})

test.each([
  ['<p>Hi</p>', ['no-unsubscribe-link']],
  ['<a href="https://x.example/m">Manage</a>', []],
  ['<a href="https://x.example/u?a=1&amp;b=2">Leave</a>', []],
  ['<!-- <a href="https://x.example/m">Manage</a> -->', ['no-unsubscribe-link']],
  ['<p title="https://x.example/m">https://x.example/m</p>', ['no-unsubscribe-link']],
])('marketing needs a way out, and %s is judged by its links', (html, expected) => {
  const waysOut = ['https://x.example/u?a=1&b=2', 'https://x.example/m']
  expect(codes({ html, waysOut })).toEqual(expected)
  expect(codes({ html })).toEqual([])
})

test('images say what they show, and an empty alt says that it is nothing', () => {
  expect(codes({ html: '<img src="a"><img src="b" alt="">' })).toEqual(['missing-alt'])
  expect(codes({ html: '<!-- <img src="a"> --><img src="b" alt="">' })).toEqual([])
})

describe('images of MJML say what they show, and an empty alt says that it is nothing', () => {
  const warned = async (content: string, head = '') => {
    const body = `<mjml>${head}<mj-body><mj-section><mj-column>${content}</mj-column></mj-section></mj-body></mjml>`
    const html = await compileMjml(body, { of: 'test' })
    const warnings = warningsOf({ html, body, variables: [] })
    return warnings.flatMap(({ code, message }) => (code === 'missing-alt' ? [message] : []))
  }
  const attributes = (content: string) => `<mj-head><mj-attributes>${content}</mj-attributes></mj-head>`
  const one = ['An image has no alt text; many readers see that instead.']

  test.each([
    ['<mj-image src="a" /><mj-image src="b" alt="" /><mj-image src="c" alt="C" />', '', one],
    ['<mj-image alt="{{ a }}" src="a" /><mj-image src="{{ b }}"></mj-image>', '', one],
    ['<mj-raw><img src="a"></mj-raw><mj-image src="a" alt="" />', '', one],
    ['<mj-carousel><mj-carousel-image src="a" /></mj-carousel>', '', one],
    ['<!-- <mj-image src="a" /> -->{% comment %}<mj-image src="a" />{% endcomment %}', '', []],
    ['<mj-image src="a" />', attributes('<mj-image alt="A" />'), []],
    ['<mj-image src="a" />', attributes('<mj-all alt="" />'), []],
    ['<mj-image src="a" mj-class="b c" /><mj-image src="a" />', attributes('<mj-class name="c" alt="A" />'), one],
    ['<mj-image src="a" />', attributes('<mj-image padding="0" /><mj-text align="left" />'), one],
  ])('%s %s', async (content, head, expected) => {
    expect(await warned(content, head)).toEqual(expected)
  })

  test('however many there are', async () => {
    const expected = ['600 images have no alt text; many readers see that instead.']
    expect(await warned('<mj-image src="a" />'.repeat(600))).toEqual(expected)
  })
})

test('what Gmail would cut off is told before', () => {
  expect(codes({ html: 'ä'.repeat(52_224) })).toEqual([])
  expect(codes({ html: 'ä'.repeat(52_225) })).toEqual(['clipped-by-gmail'])
})
