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

  test.each([
    ['{{ t | upcase }}', '&lt;B&gt; &amp; C'],
    ['{{ m | upcase }}|{{ m | upcase | raw }}', '&lt;B&gt; &amp; C|&lt;B&gt; &amp; C'],
    ['{{ v | newline_to_br | strip }}', '&lt;b&gt; &amp; c'],
    ['{{ m | strip | append: v | prepend: "<" }}', '&lt;<i>&lt;b&gt; &amp; c</i>&lt;b&gt; &amp; c'],
    ['{{ m | append: m | size }}', '14'],
    ['{{ "a-b" | split: "-" | push: m | join: "<" }}', 'a&lt;b&lt;<i>&lt;b&gt; &amp; c</i>'],
    ['{{ m | split: " " | last | raw }}{{ m | split: " " | first | raw }}', 'c&lt;b&gt;'],
    ['{{ none | default: m }}{{ none ?? m }}', '<i>&lt;b&gt; &amp; c</i><i>&lt;b&gt; &amp; c</i>'],
    ['{% if t == v and t contains "&" and t.size == 7 %}yes{% endif %}{% if e %}no{% endif %}', 'yes'],
    ['<a href="?q={{ m | upcase }}">', '<a href="?q=%3CB%3E%20%26%20C">'],
    ['<a href="?q={{ m | append: v }}">', '<a href="?q=%3Cb%3E%20%26%20c%3Cb%3E%20%26%20c">'],
    ['{{ m.html }}{{ m.constructor }}{{ m.text }}', ''],
    ['{{ l | replace: "b", m | raw }}', '[&quot;&lt;&lt;b&gt; &amp; c&gt;&quot;]'],
  ])('also behind filters: %s', (source, expected) => {
    const captures =
      '{% capture t %}{{ v }}{% endcapture %}{% capture m %}<i>{{ v }}</i>{% endcapture %}{% capture e %}{% endcapture %}'
    expect(html(captures + source, { v: '<b> & c', l: '["<b>"]' })).toBe(expected)
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

describe('no quote keeps a value from being escaped', () => {
  test.each([
    "{% # don't remove: the header %}",
    "{% assign w = 'don't' %}",
    "{% comment don't %}{% endcomment x %}",
    "{% comment %}{% endcomment don't %}",
    "{% if a ' %}{% endif %}",
    "{% for i in l reversed ' %}{% endfor %}",
    "{{ 'a\\' }}",
    '{{ "\\"" }}',
    "{% raw %}'{% endraw %}",
  ])('%s', (tag) => {
    const source = `${tag}<p>{{ b }}<a href="{{ b }}"></a>can't {{ b }}{% assign q = 1 %}`
    let written: string
    try {
      written = html(source, { b: 'javascript:"<img onerror=a>' })
    } catch (error) {
      return expect(error).toBeInstanceOf(TemplateError)
    }
    expect(written).toContain('<a href="#">')
    expect(written).not.toContain('<img')
  })
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
  expect(plain('{{ "today" | date_to_string }} {{ "now" | date: "%c%%x" }}')).toBe(
    '02 Jul 2026 7/2/2026, 12:30:00 AM%x',
  )
  expect(plain('{{ "2026-01-01 10:30" | date: "%H:%M" }}')).toBe('11:30')
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
    const part = compilePart('a\n{% assign z = "Not/AZone" %}{{ "now" | date: "%Y", z }}', 'plain')
    expect(() => part.render({}, { ...SURROUNDINGS, isTrial: true })).toThrow(
      expect.objectContaining({ message: 'There is no time zone “Not/AZone”.', line: 2, column: 29 }),
    )
    expect(part.render({}, SURROUNDINGS)).toBe('a\n2026')
  })
})

test.each([
  ['{% if cart == empty %}a{% else %}b{% endif %}', 'b'],
  ['{% if cart != blank and cart != nil %}a{% endif %}', 'a'],
  ['{{ cart | size }} {{ cart.size }}', '12500 12500'],
  ['{{ cart ?? none | size }} {{ cart | default: "" | size }}', '12500 12500'],
  ['{{ none | default: cart | size }}', '12500'],
  ['{% if cart == other %}a{% endif %}', undefined],
  ['{{ cart | reverse | size }}', undefined],
])('a long list is weighed only where it is gone through: %s', (source, written) => {
  const list = () => Array.from({ length: 12_500 }, (_, id) => ({ id, qty: 1 }))
  const render = () => compilePart(source, 'plain').render({ cart: list(), other: list() }, SURROUNDINGS)
  if (written === undefined) expect(render).toThrow('It makes too much')
  else expect(render()).toBe(written)
})

describe('a mistake is named with its place', () => {
  test.each([
    ['Hi\n  {{ a | shout }}', 'There is no filter “shout”.', 2, 3],
    ['{{ a ?? "long fallback" }} {{ b | shout }}', 'There is no filter “shout”.', 1, 28],
    ['a\nb {% if c %} d', 'The tag {% if c %} is never closed.', 2, 3],
    ['a {{ b', 'The placeholder "{{ b" is never closed, or a quote in it is not.', 1, 3],
    ['a {% nope %}', 'There is no tag “nope” here.', 1, 3],
    ['a\n{% raw %}b', 'The tag {% raw %} is never closed.', 2, 10],
    [
      '{% for i in (1..2) %}\n{% for j in (1..9999999) %}{% endfor %}{% endfor %}',
      'It makes too much: a loop is too long, or a text too large.',
      2,
      1,
    ],
    ['a\n{% for i in (1..200) %} {{ v }}{% endfor %}', 'It makes more than 5000000 characters.', 2, 25],
  ])('%j', (source, message, line, column) => {
    expect(mistakeIn(source, { v: 'x'.repeat(60_000) })).toMatchObject({ message, line, column })
  })

  test('and so is what takes too long', () => {
    const part = compilePart('a\n {% for i in (1..999999) %}\n{% assign v = i %}{% endfor %}', 'plain')
    expect(() => part.render({}, SURROUNDINGS, 50)).toThrow(
      expect.objectContaining({ message: 'It takes longer than 250 ms.', line: expect.toSatisfy((line) => line > 1) }),
    )
  })
})

describe('a mistake is found when it is written, also where nothing leads to it', () => {
  test.each([
    ['{{ name | append }}', 'The filter “append” takes 1 value behind its name, and has 0.'],
    ['{{ name | upcase: 1 }}', 'The filter “upcase” takes no value behind its name, and has 1.'],
    ['{{ name | replace: "a", "b", "c" }}', 'The filter “replace” takes 1 to 2 values behind its name, and has 3.'],
    ['{{ name | upcase: big: true }}', 'The filter “upcase” takes no “big:”.'],
    ['{{ day | date: "%Y", "Mars/X" }}', 'There is no time zone “Mars/X”.'],
    ['{{ name | sample }}', 'There is no filter “sample”.'],
    ["{% if a == 'x %}{% endif %}", 'A quote is never closed.'],
    ["{% if a ' %}{% endif %}", 'A quote is never closed.'],
    ['{% if a b %}{% endif %}', 'There are two values beside each other, with nothing that joins them.'],
    ['{% if a == %}{% endif %}', 'There is nothing on one side of “==”.'],
    ['{% if a %}{% elsif b, c %}{% endif %}', 'Nothing is known to do with ", c".'],
    ["{% for i in l reversed ' %}{% endfor %}", 'Nothing is known to do with "\'".'],
    ['{% case a %}{% when 1 2 %}{% endcase %}', 'Between the values of “when” stands a comma or “or”.'],
    ['{% unless a %}{% endunless b %}', 'Nothing is known to do with "b" behind “endunless”.'],
    ['{% raw x %}{% endraw %}', 'Nothing is known to do with "x" behind “raw”.'],
    ['{{ a ?? }}', 'There is nothing behind `??`.'],
    ['{{ a | upcase ) }}', 'Nothing is known to do with ") "'],
    ['{{ l | where_exp: "i", x }}', 'The filter “where_exp” takes what it reads as Liquid in quotes.'],
    ['{{ l | where_exp: "i", "i | nope" }}', 'There is no filter “nope”.'],
    ['{{ l | map: l }}', undefined],
    ["{% comment don't %}{{ a | nope }}{% endcomment x %}{% # can't %}", undefined],
    [
      '{% case a %}{% when 1, "b" or c %}{% else %}{% endcase %}{{ 2fa }}{{ a | default: 1, allow_false: true }}',
      undefined,
    ],
  ])('%s', (source, words) => {
    const compiled = () => compilePart(`{% if never %}\n${source}{% endif %}`, 'html')
    if (words === undefined) expect(compiled).not.toThrow()
    else
      expect(compiled).toThrow(
        expect.objectContaining({ message: expect.stringContaining(words.replace(/\) "$/, ')')), line: 2 }),
      )
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

describe('a variable is needed where one place reads it with no fallback', () => {
  test.each([
    ["{{ c ?? 'red' }}", []],
    ["{{ c | default: 'red' }}{{ c | upcase | default: 'red' }}", []],
    ["{% assign d = c | default: 'red' %}{{ d }}", []],
    ["{% if true %}{% for x in l %}{{ c ?? 'red' }}{% endfor %}{% endif %}", ['l']],
    ["{{ c ?? 'red' }}{{ c }}", ['c']],
    ["{{ c ?? 'red' }}{% if true %}{{ c }}{% endif %}", ['c']],
    ["{% if c %}{{ c ?? 'red' }}{% endif %}", ['c']],
    ["{{ c ?? d ?? 'red' }}{{ e | default: f }}", ['d', 'f']],
    ['{{ c | default }}', ['c']],
    ["{{ data.c ?? 'red' }}{{ data.d }}", ['data.d']],
    ["{% capture x %}{{ c ?? 'red' }}{% endcapture %}{{ x }}", []],
    ["{% case a %}{% when b %}{{ c ?? 'red' }}{% else %}{{ e }}{% endcase %}", ['a', 'b', 'e']],
  ])('%s', (source, expected) => {
    expect(new Set(compilePart(source, 'plain').needed())).toEqual(new Set(expected))
  })
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
