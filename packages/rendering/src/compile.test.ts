import { describe, expect, test } from 'vitest'
import { compilePart, type Variables } from './compile.ts'
import { RENDER_LIMITS } from './limits.ts'
import { TemplateError } from './template-error.ts'

const SURROUNDINGS = { timeZone: 'Europe/Berlin', now: new Date('2026-07-01T22:30:00Z') }

const html = (source: string, variables: Variables = {}) => compilePart(source, 'html').render(variables, SURROUNDINGS)
const plain = (source: string, variables: Variables = {}) =>
  compilePart(source, 'plain').render(variables, SURROUNDINGS)

function mistakeIn(source: string, variables: Variables = {}): TemplateError {
  try {
    html(source, variables)
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error('No mistake was found.')
}

const EVIL = `"><img src=x onerror=alert(1)>'`

describe('a value is nothing but a value where it stands', () => {
  test.each([
    ['text', '<p>{{ v }}</p>', EVIL, '<p>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;</p>'],
    [
      'a quoted attribute',
      '<p title="{{ v }}">',
      EVIL,
      '<p title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;">',
    ],
    ['an attribute without quotes', '<p class={{ v }}>', 'a onclick=b', '<p class=a&#32;onclick&#61;b>'],
    ['a tag', '<p {{ v }}>', 'onclick=b', '<p onclick&#61;b>'],
    ['a link', '<a href="{{ v }}">', 'https://x.example/?a=1&b=2', '<a href="https://x.example/?a=1&amp;b=2">'],
    ['a link that runs', '<a href="{{ v }}">', 'javascript:alert(1)', '<a href="#">'],
    ['a link that runs and hides', '<a href=" {{ v }}">', '\u0001 java\nscript:alert(1)', '<a href=" #">'],
    [
      'a link without quotes',
      '<a href={{ v }}>',
      'https://x.example/ onclick=a',
      '<a href=https://x.example/%20onclick=a>',
    ],
    ['a picture of bytes', '<img src="{{ v }}">', 'data:text/html,<script>', '<img src="#">'],
    [
      'a path',
      '<a href="https://x.example/{{ v }}">',
      'a b/c?d="e"',
      '<a href="https://x.example/a%20b/c%3Fd=%22e%22">',
    ],
    [
      'a query',
      '<a href="https://x.example/?q={{ v }}&r=1">',
      'a&r=2 #',
      '<a href="https://x.example/?q=a%26r%3D2%20%23&r=1">',
    ],
    ['a query behind another value', '<a href="{{ w }}?q={{ v }}">', 'a&b', '<a href="?q=a%26b">'],
    ['a query that is encoded already', '<a href="?q={{ v | url_encode }}">', 'a&b c', '<a href="?q=a%26b+c">'],
    ['half a character in a query', '<a href="?q={{ v }}">', 'a\ud800', '<a href="?q=a%EF%BF%BD">'],
    [
      'a style',
      '<p style="color:{{ v }}">',
      'red;background:url(//x.example)',
      '<p style="color:redbackground: //x.example)">',
    ],
    [
      'a style sheet',
      '<style>a{color:{{ v }}}</style>{{ v }}',
      'red}</style><b>',
      '<style>a{color:red/styleb}</style>red}&lt;/style&gt;&lt;b&gt;',
    ],
    [
      'what Outlook reads',
      '<!--[if mso]><v:rect href="{{ v }}"><![endif]-->',
      'javascript:a',
      '<!--[if mso]><v:rect href="#"><![endif]-->',
    ],
    ['a comment', '<!-- " {{ v }} --> <a href="{{ v }}">', '-->', '<!-- " --&gt; --> <a href="--%3E">'],
    ['a title', '<title>"{{ v }}</title><i title="{{ v }}">', '<', '<title>"&lt;</title><i title="&lt;">'],
    ['a link between conditions', '<a {% if w > 1 %}id="q"{% endif %} href="{{ v }}">', 'vbscript:a', '<a  href="#">'],
  ])('in %s', (_, source, v, expected) => {
    expect(html(source, { v })).toBe(expected)
  })

  test('a value that reads like a template stays what it is', () => {
    const v = '{{ secret }}{% for i in (1..9) %}x{% endfor %}'
    expect(plain('{{ v }}', { v, secret: 's' })).toBe(v)
    expect(html('{{ v }}', { v, secret: 's' })).toBe(v)
  })

  test('it is escaped once, also by those who ask for it or capture it', () => {
    expect(html('{{ v | escape }}|{{ v | escape_once }}|{{ v | xml_escape }}', { v: '<&' })).toBe(
      '&lt;&amp;|&lt;&amp;|&lt;&amp;',
    )
    expect(html('{% capture c %}<b>{{ v }}</b>{% endcapture %}{{ c }}<i title="{{ c }}">', { v: '<"' })).toBe(
      '<b>&lt;&quot;</b><i title="&lt;&quot;">',
    )
    expect(html('{{ v | newline_to_br }}', { v: '<\nb' })).toBe('&lt;<br>\nb')
  })

  test('only the author can say that a value is HTML', () => {
    expect(html('{{ v | raw }}{{ v | upcase | raw }}', { v: '<b>a</b>' })).toBe('<b>a</b><B>A</B>')
    expect(html('{{ v | raw | upcase }}', { v: '<b>' })).toBe('&lt;B&gt;')
  })
})

test.each([
  ['missing', undefined, '', ''],
  ['null', null, '', ''],
  ['zero', 0, '0', '0'],
  ['false', false, 'false', 'false'],
  ['a number', 1.5, '1.5', '1.5'],
  ['a date', new Date('2026-01-02T03:04:05Z'), '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z'],
  ['no date', new Date('x'), '', ''],
  ['a list', ['a<', 2, null], '<li>a&lt;</li><li>2</li><li></li>', 'a<, 2, '],
  ['an object', { a: '<' }, '{&quot;a&quot;:&quot;&lt;&quot;}', '{"a":"<"}'],
])('%s is written the same way by all who render it', (_, v, inHtml, inText) => {
  expect([html('{{ v }}', { v }), plain('{{ v }}', { v })]).toEqual([inHtml, inText])
})

describe('templates of Plunk mean what they meant', () => {
  test.each([
    ['{{name}}', 'Ada'],
    ['{{ name ?? "you" }}', 'Ada'],
    ["{{ nope ?? 'you' }}", 'you'],
    ['{{ nope ?? there }}', 'there'],
    ['{{ nope ?? dear friend }}', 'dear friend'],
    ['{{ nope ?? name }}', 'Ada'],
    ['{{ nope ?? nor ?? "c" }}', 'c'],
    ['{{ blanked ?? "you" }}', 'you'],
    ['{{ zero ?? 7 }}{{ no ?? true }}{{ nope ?? 7 }}', '0false7'],
    ['{{ nope ?? "a|b" | upcase }}', 'A|B'],
    ['{{ first name }}', 'Ada L.'],
    ['{{ data.first name | upcase }}', 'ADA L.'],
    ['{{ first name ?? "x" }}', 'Ada L.'],
    ['{{ data.plan }}{{ data["plan"] }}', 'propro'],
    ['{{- name -}} !', 'Ada!'],
  ])('%s', (source, expected) => {
    const data = { 'first name': 'Ada L.', plan: 'pro' }
    expect(plain(source, { ...data, name: 'Ada', zero: 0, no: false, blanked: '', data })).toBe(expected)
  })
})

test('dates are shown in the time zone of the project, and now is the time of the mail', () => {
  expect(plain('{{ d | date: "%d %H:%M" }}', { d: '2026-01-01T23:30:00Z' })).toBe('02 00:30')
  expect(plain('{{ d | date: "%H:%M", "Asia/Tokyo" }}', { d: '2026-01-01T23:30:00Z' })).toBe('08:30')
  expect(plain('{{ "now" | date: "%Y-%m-%d %H:%M" }}')).toBe('2026-07-02 00:30')
})

describe('no value of one recipient stops a mail', () => {
  test.each([
    ['{{ v | url_decode }}', '50%', '50%'],
    ['{{ v | url_decode }}', 'a%20b+c', 'a b c'],
    ['{{ v | url_encode }}', 'a\ud800 ', 'a%EF%BF%BD+'],
    ['{{ v | cgi_escape }}{{ v | uri_escape }}', '\ud800', '%EF%BF%BD%EF%BF%BD'],
    ['{{ v | base64_decode }}', '50%', '50%'],
    ['{{ v | base64_decode }}', 'YQ==', 'a'],
    ['{{ "2026-01-01T23:30:00Z" | date: "%H:%M", v }}', 'Not/AZone', '00:30'],
    ['{{ v | date: "%H:%M" }}', 'soon', 'soon'],
  ])('%s of %j', (source, v, expected) => {
    expect(plain(source, { v })).toBe(expected)
  })

  test('and what its author wrote wrong is named when nobody gets it yet', () => {
    const part = compilePart('a\n{{ "now" | date: "%Y", "Not/AZone" }}', 'plain')
    expect(() => part.render({}, { ...SURROUNDINGS, isTrial: true })).toThrow(
      expect.objectContaining({ message: 'There is no time zone “Not/AZone”.', line: 2, column: 1 }),
    )
    expect(part.render({}, SURROUNDINGS)).toBe('a\n2026')
  })
})

describe('a mistake is named with its place', () => {
  test.each([
    ['Hi\n  {{ a | shout }}', 'There is no filter “shout”.', 2, 3],
    ['{{ a ?? "long fallback" }} {{ b | shout }}', 'There is no filter “shout”.', 1, 28],
    ['a\nb {% if c %} d', 'The tag {% if c %} is never closed.', 2, 3],
    ['a {{ b', 'The placeholder "{{ b" is never closed.', 1, 3],
    ['a {% nope %}', 'There is no tag “nope” here.', 1, 3],
  ])('%j', (source, message, line, column) => {
    expect(mistakeIn(source)).toMatchObject({ message, line, column })
  })
})

describe('a template reaches nothing but its variables', () => {
  test.each([
    "{% include '/etc/passwd' %}",
    "{% render 'x' %}",
    "{% layout 'x' %}",
    '{% echo v %}',
    '{% liquid echo v %}',
    '{% cycle v %}',
  ])('%s is refused', (source) => {
    expect(mistakeIn(source).message).toMatch(/^There is no tag/)
  })

  test('nor anything that comes with objects of JavaScript', () => {
    const source =
      '{{ constructor }}{{ __proto__ }}{{ v.constructor }}{{ v.constructor.constructor }}{{ toString }}{{ l.constructor }}{{ v["__proto__"] }}'
    expect(plain(source, { v: 'a', l: [1] })).toBe('')
  })
})

describe('a template that asks for too much fails by itself', () => {
  test.each([
    ['a loop without end', '{% for i in (1..100000000) %}{{ i }}{% endfor %}', 'It makes too much'],
    ['loops in loops', `${'{% for i in (1..9000) %}'.repeat(3)}x${'{% endfor %}'.repeat(3)}`, 'It'],
    [
      'a text that doubles',
      '{% assign x = "aaaaaaaa" %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}{{ x }}',
      'It makes too much',
    ],
    ['too many tags', '{% if a %}x{% endif %}'.repeat(45_000), 'It has more than 5000 placeholders and tags'],
    [
      'a tag without end',
      `{{ a${'[b]'.repeat(300_000)} }}`,
      'It has a placeholder or tag of more than 5000 characters',
    ],
    ['blocks in blocks', '{% if a %}'.repeat(4_000), 'It has more than 100 tags inside each other'],
    ['a source that is too long', `{{ a }}${'a'.repeat(RENDER_LIMITS.sourceChars)}`, 'It is longer than'],
  ])('%s', (_, source, words) => {
    expect(mistakeIn(source).message).toContain(words)
  })
})

test('it knows the variables it reads', () => {
  const source =
    '{% assign q = data.plan %}{{ q }}{% for x in items %}{{ x.name }}{% endfor %}{{ a ?? b }}{{ first name }}'
  expect(compilePart(source, 'html').variables).toEqual(['data.plan', 'items', 'a', 'b', "['first name']"])
})

test('what its author wrote is kept to the byte', () => {
  const source = `<!doctype html>
<html dir="rtl" ⚡4email><head><style>@media (max-width:600px){.a{color:red!important}}</style></head>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<!--[if !mso]><!--><p>שלום &nbsp;&copy; %%merge%% [[x]] *|FNAME|*</p><!--<![endif]-->
<v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" arcsize="10%"><w:anchorlock/></v:roundrect></html>\r\n`
  expect(html(source)).toBe(source)
  expect(html(`${source}{{ a }}`, { a: 1 })).toBe(`${source}1`)
})
