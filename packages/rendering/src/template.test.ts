import { BUILT_IN_VARIABLES } from '@posthorn/contracts/template-names'
import { expect, test } from 'vitest'
import { compileTemplate, PartError } from './template.ts'
import { variablesOf } from './variables.ts'

const SURROUNDINGS = { timeZone: 'UTC', now: new Date('2026-07-01T22:30:00Z') }
const LINKS = {
  unsubscribeUrl: 'https://x.example/u',
  subscribeUrl: 'https://x.example/s',
  manageUrl: 'https://x.example/m',
}
const contact = { id: 'c1', email: 'ada@example.com', subscribed: true, data: { name: '<Ada>', items: ['a&', 'b'] } }

function render(source: { subject?: string; html?: string | null; text?: string | null }, data = {}) {
  const template = compileTemplate({ subject: 'Hi', html: null, text: null, ...source })
  return template.render(variablesOf({ contact, data }), SURROUNDINGS)
}

test('subjects and text parts hold values as they are', () => {
  expect(render({ subject: 'For {{ name }}', text: 'Hi {{ name }}, {{ items }}' })).toEqual({
    subject: 'For <Ada>',
    html: null,
    text: 'Hi <Ada>, a&, b',
  })
})

test('a value cannot break a subject into headers', () => {
  expect(render({ subject: '{{ v }}' }, { v: ' a\r\nBcc: b@example.com\u2028\u0000c\t' }).subject).toBe(
    'a Bcc: b@example.com c',
  )
})

test('a text part is made of the HTML, with its placeholders and conditions', () => {
  const html = `<html><head><title>t</title><style>p{}</style></head><body><h1>Hi {{ name }}</h1>
    {% if items.size < 1 %}<p>Nothing</p>{% else %}<p>Some <a href="https://x.example/?q={{ name }}">here</a></p>{% endif %}
    <table>{% for i in items %}<tr><td>{{ i }}</td></tr>{% endfor %}</table><img src="a" alt="b">
    {{ bio | raw }}</body></html>`
  expect(render({ html }, { bio: '<b>Bold</b> &amp; free' }).text).toBe(
    'Hi <Ada>\n\nSome here <https://x.example/?q=%3CAda%3E>\n\na&\nb\nBold & free',
  )
})

test.each([
  ['<!-- {% if staff %} --><p>Staff code 1234</p><!-- {% endif %} -->Hi', 'Hi'],
  ['{% if de %}<a href="https://x.de">{% else %}<a href="https://x.com">{% endif %}Shop</a>', 'Shop <https://x.de>'],
  ['<div {% assign g = "Hi" %}><p>{{ g }}</p>', 'Hi'],
  ['{% if de %}<a href="{% else %}<a class="b" href="{% endif %}{{ url }}">Shop</a>', 'Shop <https://x.de/?q=a%20b>'],
  ['<a href="https://x.de/?q={{ q }}&t=1">Shop</a>', 'Shop <https://x.de/?q=Ada%20%26%20Bob%20%231&t=1>'],
  ['<a href="{% if de %}{{ evil }}{% endif %}">Shop</a>', 'Shop'],
  ['<a href="{{ url }}">{{ url }}</a>', 'https://x.de/?q=a b <https://x.de/?q=a%20b>'],
  ['<ol>{% for i in items %}<li>{{ i }}</li>{% endfor %}</ol>', '1. a&\n 2. b'],
  ['<p>{{ none }}  {{ q }}</p><script type="application/ld+json">{{ q }}</script>', 'Ada & Bob #1'],
])('the text says what the HTML says: %s', (html, text) => {
  const url = 'https://x.de/?q=a b'
  const given = { staff: false, de: true, url, q: 'Ada & Bob #1', evil: 'javascript:alert(1)' }
  expect(render({ html }, given).text).toBe(text)
})

test('no address that runs gets into the text part', () => {
  const html = '<a href="{{ v }}">Here</a><a href="javascript:x">there</a>'
  expect(render({ html }, { v: 'https://x.example/?a b' }).text).toBe('Here <https://x.example/?a%20b>there')
  expect(render({ html }, { v: 'java\tscript:alert(1)' }).text).toBe('Herethere')
})

test('an author’s own text part wins', () => {
  expect(render({ html: '<p>{{ name }}</p>', text: 'Own {{ name }}' })).toMatchObject({
    html: '<p>&lt;Ada&gt;</p>',
    text: 'Own <Ada>',
  })
})

test('the text that is made of the HTML is held to the limits of the rendering', () => {
  const html = `${'<ul><li>'.repeat(90)}{% for i in (1..12000) %}${'w<br>'.repeat(60)}{% endfor %}`
  const before = process.threadCpuUsage()
  const message: unknown = expect.stringMatching(/longer than 250 ms|more than 5000000 characters/)
  expect(() => render({ html })).toThrow(expect.objectContaining({ part: 'html', message }))
  const { user, system } = process.threadCpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(1_500)
})

test('rendering again gives the same bytes', () => {
  const source = { html: '<p>{{ "now" | date: "%s" }} {{ items }}</p>' }
  expect(render(source)).toEqual(render(source))
})

test.each([
  ['subject', { subject: '{{ a | nope }}' }],
  ['html', { html: '<p>\n{{ a | nope }}</p>' }],
  ['text', { text: '{{ a | nope }}' }],
])('a mistake says that it is in the %s', (part, source) => {
  expect(() => render(source)).toThrow(PartError)
  expect(() => render(source)).toThrow(expect.objectContaining({ part, message: 'There is no filter “nope”.' }))
})

test('what goes with a message wins over the contact, and neither over what the names mean', () => {
  const text =
    '{{ id }} {{ plunk_id }} {{ email }} {{ plunk_email }} {{ name }} {{ data.name }} {{ contact.data.name }} {{ event.x }}'
  const template = compileTemplate({ subject: '', html: null, text })
  const variables = variablesOf({ contact, data: { name: 'B', email: 'x', id: 'y' }, event: { x: 1 } })
  expect(template.render(variables, SURROUNDINGS).text).toBe('c1 c1 ada@example.com ada@example.com B B <Ada> 1')
})

test('no fact of a contact or of a message takes the place of what every template knows', () => {
  const evil = Object.fromEntries(
    BUILT_IN_VARIABLES.map((name) => [name, { name: 'evil', postalAddress: '1 Fake St' }]),
  )
  const sources = { locale: 'de', project: { name: 'P', postalAddress: '1 Real St' }, links: LINKS }
  for (const variables of [
    variablesOf({ contact: { ...contact, data: evil }, ...sources }),
    variablesOf({ contact, data: evil, ...sources }),
  ]) {
    const all = compileTemplate({
      subject: '{{ project.postalAddress }} {{ data.project.postalAddress }}',
      html: null,
      text: BUILT_IN_VARIABLES.filter((name) => name !== 'data' && name !== 'contact')
        .map((name) => `{{ ${name}.postalAddress }}`)
        .join(''),
    }).render(variables, SURROUNDINGS)
    expect(all).toEqual({ subject: '1 Real St 1 Fake St', html: null, text: '1 Real St' })
    expect(variables).toMatchObject({ id: 'c1', subscribed: true, event: {}, contact: { id: 'c1' }, ...LINKS })
  }
})

test('a declared fallback stands for what is missing', () => {
  const template = compileTemplate({ subject: '{{ plan }} {{ name }}', html: null, text: null })
  const variables = variablesOf({ contact, fallbacks: { plan: 'free', name: 'you' } })
  expect(template.render(variables, SURROUNDINGS).subject).toBe('free <Ada>')
})

test('also of what is named like something that JavaScript’s objects bring along', () => {
  const names = ['toString', 'constructor', '__proto__']
  const subject = names.map((name) => `{{ ${name} }}`).join(' ')
  const template = compileTemplate({ subject, html: null, text: null })
  const variables = variablesOf({ contact, fallbacks: Object.fromEntries(names.map((name) => [name, 'own'])) })
  expect(template.render(variables, SURROUNDINGS).subject).toBe('own own own')
})
