import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FILTERS } from './filters.ts'
import { TemplateError } from './template-error.ts'
import { compileTemplate } from './template.ts'

const SURROUNDINGS = { timeZone: 'UTC', now: new Date(0) }

const render = (source: string, variables: Record<string, unknown> = {}, html = `<p title="${source}">${source}</p>`) =>
  compileTemplate({ subject: source, html, text: source }).render(variables, SURROUNDINGS)

/** What PostgreSQL takes as text. */
const isStorable = (text: string | null) => text === null || (text.isWellFormed() && !text.includes('\0'))

const CUTS = [
  ['v[0]', '😀'],
  ['v[1]', 'b'],
  ['v[2]', '👋'],
  ['v["2"]', '👋'],
  ['v[3]', ''],
  ['v | first', '😀'],
  ['v | last', '👋'],
  ["v | split: '' | first", '😀'],
  ["v | split: '' | last", '👋'],
  ["v | split: '' | join: '-'", '😀-b-👋'],
  ["v | split: '' | reverse | join: ''", '👋b😀'],
  ["v | replace: '', '-'", '😀-b-👋'],
  ["v | remove: ''", '😀b👋'],
  ["l | map: '0' | join: ''", '😀'],
]

test.each(CUTS)('{{ %s }} cuts no emoji', (expression, expected) => {
  const variables = { v: '😀b👋', l: ['😀b👋'] }
  expect(render(`{{ ${expression} }}`, variables)).toEqual({
    subject: expected,
    html: `<p title="${expected}">${expected}</p>`,
    text: expected,
  })
  const captured = `{% capture c %}{{ v }}{% endcapture %}<p>{{ ${expression.replace(/^v/, 'c')} }}</p>`
  expect(render('', variables, captured).html).toBe(`<p>${expected}</p>`)
})

test.each([
  ['', '|'],
  ['a', 'a|a'],
  ['ab', 'a|b'],
  ['a😀', 'a|😀'],
  ['😀b', '😀|b'],
])('the ends of “%s” are whole: %s', (v, expected) => {
  expect(render('{{ v | first }}|{{ v | last }}', { v }).text).toBe(expected)
})

const HALVES = [
  String.raw`{{ '\ud83d' }}`,
  String.raw`{{ '\ude00' }}`,
  String.raw`{{ v | replace: '\ud83d', '' }}`,
  String.raw`{{ v | split: '\ude00' | join: '' }}`,
]
const NULS = ['{{ "%00" | url_decode }}', '{{ "AA==" | base64_decode }}', String.raw`{{ '\u0000' }}`]

test.each([...HALVES, ...NULS])('%s leaves nothing that cannot be stored', (source) => {
  const { subject, html, text } = render(`a${source}b`, { v: '😀' }, `<p>a${source}b</p>`)
  expect([html, text]).toEqual(['<p>a\ufffdb</p>', 'a\ufffdb'])
  expect(subject).toBe(NULS.includes(source) ? 'a b' : 'a\ufffdb')
  const made = compileTemplate({ subject: 'S', html: `<p>a${source}b</p>`, text: null })
  expect(made.render({ v: '😀' }, SURROUNDINGS).text).toBe('a\ufffdb')
})

test('halves that stand side by side are one character, in the text that is made of the HTML too', () => {
  const html = String.raw`<p>{{ '\ud83d' }}{{ '\ude00' }}</p>`
  const template = compileTemplate({ subject: String.raw`{{ '\ud83d' }}{{ '\ude00' }}`, html, text: null })
  expect(template.render({}, SURROUNDINGS)).toEqual({ subject: '😀', html: '<p>😀</p>', text: '😀' })
})

test('what HTML says of a character that is none does not get into the text part', () => {
  const template = compileTemplate({
    subject: 'S',
    html: '<p>a&#0;b&#xD83D;c<a href="https://x.de/&#0;">d</a>',
    text: null,
  })
  const { text } = template.render({}, SURROUNDINGS)
  expect(text).toContain('d <https://x.de/')
  expect(isStorable(text)).toBe(true)
})

test('a NUL does not join in a style what was escaped apart', () => {
  const html = '<p style="color: {{ v | url_decode }}">a</p>'
  expect(render('', { v: 'red/%00*' }, html).html).toBe('<p style="color: red/\ufffd*">a</p>')
})

const VALUES = ['😀', 'a😀', '😀👋', '%00', 'AA==', '%F0%9F%98', '8J+Y', 'a b', ['😀', ['%00']], { k: '😀' }, 1, null]
const argument = fc.constantFrom("''", "'a'", "'0'", '0', '1', '2', 'w', String.raw`'\ud83d'`, String.raw`'\u0000'`)

const call = fc.constantFrom(...FILTERS).chain(([name, { args, atLeast }]) =>
  fc
    .tuple(
      ...args.map((kind) => {
        if (kind === 'name') return fc.constant("'i'")
        return kind === 'expression' ? fc.constant("'i[0]'") : argument
      }),
    )
    .chain((given) =>
      fc.integer({ min: atLeast, max: args.length }).map((many) => {
        const words = given.slice(0, many).join(', ')
        return ` | ${name}${words === '' ? '' : `: ${words}`}`
      }),
    ),
)
const output = fc
  .tuple(fc.constantFrom('v', 'w', 'v[0]', 'v[1]', 'v.k'), fc.array(call, { maxLength: 4 }))
  .map(([value, calls]) => `{{ ${value}${calls.join('')} }}`)
const WITHIN = [
  '<p>{}</p>',
  '<a href="{}">a</a>',
  '<a href="https://x.de/?q={}">a</a>',
  '<p style="color:{}">a</p>',
  '<p title={}>a</p>',
]

test('whatever filters make of values can be stored', () => {
  const value = fc.constantFrom(...VALUES)
  const outputs = fc.array(output, { minLength: 1, maxLength: 2 }).map((all) => all.join(''))
  fc.assert(
    fc.property(outputs, fc.constantFrom(...WITHIN), fc.record({ v: value, w: value }), (source, within, values) => {
      try {
        const html = within.replace('{}', () => source)
        const made = compileTemplate({ subject: 'S', html, text: null }).render(values, SURROUNDINGS)
        const parts = [...Object.values(render(source, values, html)), made.text]
        expect(parts.filter((part) => !isStorable(part))).toEqual([])
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
      }
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 500) },
  )
})
