import { describe, expect, test } from 'vitest'
import { compilePart, type Variables } from './compile.ts'
import { escapeFor, SafeHtml } from './escape.ts'
import { readHtml } from './read-html.ts'

const SURROUNDINGS = { timeZone: 'UTC', now: new Date('2026-07-01T22:30:00Z') }
const html = (source: string, variables: Variables = {}) => compilePart(source, 'html').render(variables, SURROUNDINGS)

/** Whether a browser would run one of its addresses: they skip blanks and control characters. */
function runs(document: string): boolean {
  let found = false
  readHtml(document, {
    onattribute(name, value) {
      const address = name === 'content' ? value.replace(/^.*?url\s*=\s*['"]?/i, '') : value
      // oxlint-disable-next-line no-control-regex -- control characters are what browsers skip
      found ||= /^(?:javascript|vbscript|data):/i.test(address.replace(/[\u0000-\u0020]/g, ''))
    },
  })
  return found
}

const EVIL = 'javascript:alert(1)'

/** Attributes, with what may stand for the values in them. */
const ADDRESSES = [
  ['<a href="{{ a }}{{ b }}">', ['', EVIL, 'java', 'script:x', 'javascript', ':x', 'java\t', ' ', '/', '\u0001']],
  ['<a href="{{ a }}{{ b }}{{ c }}">', ['', 'javascript', ':', EVIL]],
  ['<a href="{% if a %}https://x.example/{% else %}{{ b }}{% endif %}">', ['', EVIL]],
  [
    '<a href="{% if a %}{{ b }}{% elsif c %}//x{% else %}{{ c }}{{ b }}{% endif %}{{ c }}">',
    ['', EVIL, 'javascript', ':'],
  ],
  ['<a href="{% unless a %}/{% endunless %}{{ b }}">', ['', EVIL, '1']],
  [
    '<a href="{% case a %}{% when "1" %}/{% when "2" %}{{ b }}{% endcase %}{{ c }}">',
    ['', '1', '2', EVIL, 'javascript', ':'],
  ],
  ['<a href="{% for i in l %}{{ i }}{% endfor %}">', ['', EVIL]],
  ['<a href="{% for i in l %}{% if forloop.last %}:{% endif %}{{ i }}{% endfor %}">', ['', 'javascript', 'alert(1)']],
  ['<a href="{% for i in l %}/{% endfor %}{{ a }}">', ['', EVIL]],
  ['<a href="{% assign x = "javascript:" | append: a %}{{ x }}">', ['alert(1)']],
  ['<a href="{% capture x %}{{ a }}{% endcapture %}{{ x }}">', ['', EVIL]],
  ['{% capture x %}<b>{{ a }}</b>{{ b }}{% endcapture %}<a href="{{ x }}">', ['', EVIL, 'javascript', ':']],
  ['<a href="{{ a | escape_once }}"><a href="{{ a | newline_to_br }}">', [EVIL, 'java&#9;script:x', 'java\nscript:x']],
  ['<a href="{{ a }}:{{ b }}">', ['', 'javascript', 'java', 'alert(1)', EVIL]],
  ['<a href="{{ a }}&#58;{{ b }}">', ['', 'javascript', EVIL]],
  ['<a href="{{ a }}&colon;{{ b }}">', ['', 'javascript', EVIL]],
  ['<a href="{{ a }}{% raw %}:{% endraw %}{{ b }}">', ['', 'javascript', EVIL]],
  ['<a href="{{ a }}{% if b %}:x{% else %}/{% endif %}">', ['', 'javascript', '1']],
  ['<a href="java{{ a }}:x">', ['', 'script']],
  ['<a href="java{{ a }}">', ['', 'script:x', EVIL]],
  ['<a href="&#106;avascript{{ a }}">', [':x']],
  ['<a href= {{ a }}{{ b }}>', ['', EVIL]],
  ['<a href={{ a }} {{ b }}>', ['', EVIL]],
  ['<a href={{ a }}{% capture x %} {% endcapture %}{{ b }}>', ['', EVIL]],
  ['<a href={% if a %}"{{ b }}"{% else %}"{{ c }}"{% endif %}>', ['', EVIL]],
  ['<a href="{% if a %}https://x/">{% else %}{{ b }}">{% endif %}', ['', EVIL]],
  ['<a {% if a %}href="/"{% else %}href="{{ b }}"{% endif %}>', ['', EVIL]],
  ['<button formaction="{{ a }}{{ b }}">', ['', EVIL]],
  ['<a ping="{{ a }}{{ b }}">', ['', EVIL]],
  ['<form action="{{ a }}{{ b }}">', ['', EVIL]],
  ['<svg><a xlink:href="{{ a }}{{ b }}">', ['', EVIL]],
  ['<meta http-equiv="refresh" content="0;url={{ a }}{{ b }}">', ['', EVIL]],
  ['<meta http-equiv="refresh" content="0; URL = \'{{ a }}{{ b }}\'">', ['', EVIL, 'javascript', ':']],
  ['<a/title="a > b" href="{{ a }}">', [EVIL]],
  ['<!-- x --!><a href="{{ a }}">', [EVIL]],
  ['<!--><a href="{{ a }}">', [EVIL]],
  ['<a href={% if a %}x y{% else %}z{% endif %}{{ b }} href={{ b }}>', ['', EVIL]],
  ['{% if a %}<a href="{% else %}<a class="b" href="{% endif %}{{ b }}">', ['', EVIL]],
  ['{% if a %}<a class="b" href="{% else %}<a title="{% endif %}{{ b }}">', ['', '1', EVIL]],
  ['{% for i in l %}<a href="{{ i }}{% unless forloop.last %}">{% endunless %}{% endfor %}{{ a }}">', ['', EVIL]],
  ['{% capture x %}<a href="{% endcapture %}{{ x }}{{ a }}">', [EVIL]],
  ['{% raw %}<a href="{% endraw %}{{ a }}">', [EVIL]],
  ['<svg><title><a href="{{ a }}">', [EVIL]],
  ['<!--[if mso]><a href="{{ a }}"><![endif]-->', [EVIL]],
] as const

describe('no address becomes one that runs, whatever its values are', () => {
  test.each(ADDRESSES)('%s', (source, values) => {
    const part = compilePart(source, 'html')
    for (const a of values) {
      for (const b of values) {
        for (const c of values) {
          const given = { a, b, c, l: [a, b, c] }
          const document = part.render(given, SURROUNDINGS)
          expect(runs(document), `${JSON.stringify(given)}: ${document}`).toBe(false)
        }
      }
    }
  })
})

describe('an address is what its author meant', () => {
  const given = {
    none: '',
    base: 'https://x.example',
    click: 'https://c.example/?u=1',
    slug: 'a b',
    time: '10:30',
    list: ['a', 'b'],
    mail: 'ada@example.com',
    scheme: 'https',
  }
  test.each([
    ['{{ base }}{{ none }}/p?x=1&y=2', 'https://x.example/p?x=1&y=2'],
    ['{{ base }}&utm=a:b', 'https://x.example&utm=a:b'],
    ['{{ base }}/{{ slug }}?q={{ slug }}&r={{ time }}', 'https://x.example/a%20b?q=a%20b&r=10%3A30'],
    ['{{ base }}{{ time }}', 'https://x.example10%3A30'],
    ['{{ none }}{{ click }}', 'https://c.example/?u=1'],
    ['{{ none }}https://x.example/{{ time }}', 'https://x.example/10:30'],
    ['{{ scheme }}://x.example/{{ slug }}', 'https://x.example/a%20b'],
    ['mailto:{{ mail }}?subject={{ slug }}', 'mailto:ada@example.com?subject=a%20b'],
    ['{% if none %}https://a.example/{% else %}https://b.example/{% endif %}{{ time }}', 'https://b.example/10:30'],
    ['{% if none %}{{ none }}{% else %}{{ base }}{% endif %}/x', 'https://x.example/x'],
    ['{{ base }}?l={% for i in list %}{{ i }},{% endfor %}&x={{ slug }}', 'https://x.example?l=a,b,&x=a%20b'],
    ['{% capture u %}{{ base }}/?a=1&amp;b=2{% endcapture %}{{ u }}', 'https://x.example/?a=1&amp;b=2'],
    ['/?{% capture u %}a={{ slug | url_encode }}&b=2{% endcapture %}{{ u }}', '/?a=a+b&b=2'],
  ])('%s', (source, expected) => {
    expect(html(`<a href="${source}">`, given)).toBe(`<a href="${expected}">`)
  })
})

describe('what is put together is a value like any other', () => {
  test.each([
    ['<p class={{ c }}>', 'a onclick=b', '<p class=a&#32;onclick&#61;b>'],
    ['<p style="color:{{ c }}">', 'red;x:url(a)', '<p style="color:redx: a)">'],
    ['<a href=/{{ c }}>', 'a onclick=b', '<a href=/a%20onclick=b>'],
    ['<i title="{{ c }}">', '"<', '<i title="&quot;&lt;">'],
  ])('in %s', (source, v, expected) => {
    expect(html(`{% capture c %}{{ v }}{% endcapture %}${source}`, { v })).toBe(expected)
  })
})

test.each([
  ['u;rl(//x.example)', ' //x.example)'],
  ['l(//x.example)', ' //x.example)'],
  ['rgba(1,2,3,.5)', 'rgba(1,2,3,.5)'],
  ['calc(1px + 2px)', 'calc(1px + 2px)'],
  ['uurl(rl(//x.example)', '  //x.example)'],
  ['url((//x.example)', '  //x.example)'],
])('a style fetches nothing for %s', (v, expected) => {
  expect(html('<p style="background:{{ v }}">', { v })).toBe(`<p style="background:${expected}">`)
})

test('a style without quotes gets no further attribute', () => {
  expect(html('<p style={{ v }}><p style=color:{{ v }}>', { v: 'red onclick=a' })).not.toContain(' onclick=')
})

describe('a value where it would be run is refused with its place', () => {
  test.each([
    '<p onclick="f(\'{{ v }}\')">',
    '<p ONERROR={{ v }}>',
    '<svg/onload="{{ v }}">',
    '<iframe srcdoc="{{ v }}">',
    '<script>f({{ v }})</script>',
    '<script {% if a %}type="application/json"{% endif %}>{{ v }}</script>',
    '<script><!--<script></script>{{ v }}</script>',
    '<meta http-equiv=refresh content="0;{{ v }}">',
    '<meta content="{{ v }}" http-equiv="refresh">',
  ])('%s', (source) => {
    const message =
      'A value may not stand in an attribute that is run, in a script, or in what is read as a document of its own.'
    const place = { line: 2, column: source.indexOf('{{') + 1 }
    expect(() => compilePart(`\n${source}`, 'html')).toThrow(expect.objectContaining({ message, ...place }))
    expect(html(source.replace('v }}', 'v | raw }}'), { v: 'own' })).toContain('own')
  })
})

test.each([
  [
    '<{{ v }}>',
    'A value may not stand right behind “<”, where it would be the name of a tag. Write &lt; for the sign itself.',
  ],
  [
    '<s{{ v }}>',
    'A value may not stand right behind “<”, where it would be the name of a tag. Write &lt; for the sign itself.',
  ],
  [
    '<a {{ v | raw }}="{{ v }}">',
    'What this value would be depends on a condition or on another value. Write the whole tag in each branch.',
  ],
  [
    '{% if a %}<p style="{% else %}<a href="{% endif %}{{ v }}">',
    'What this value would be depends on a condition or on another value. Write the whole tag in each branch.',
  ],
])('no value is taken where nobody knows what it would be: %s', (source, message) => {
  expect(() => compilePart(source, 'html')).toThrow(expect.objectContaining({ message }))
})

describe('what is no program stays what it is', () => {
  test.each([
    ['<h{{ v }}>', 2, '<h2>'],
    ['<i data-{{ v }}="{{ v }}">', 'x', '<i data-x="x">'],
    ['<meta property="og:title" content="{{ v }}">', 'a: b', '<meta property="og:title" content="a: b">'],
  ])('%s', (source, v, expected) => {
    expect(html(source, { v })).toBe(expected)
  })
})

describe('JSON for programs that read mail holds values as they are', () => {
  const json = (content: string, v: unknown) => {
    const document = html(`<script type="application/ld+json">${content}</script>`, { v })
    const [, written = ''] = /^<script type="application\/ld\+json">([^<]*)<\/script>$/.exec(document) ?? []
    return JSON.parse(written) as unknown
  }
  test.each(['ada@example.com', '</script><b>', 'a"b\\', '<!--', '\u2028&'])('%j', (v) => {
    expect(json('{"a":"{{ v }}","b":{{ v }},"c":"x\\"{{ v }}"}', v)).toEqual({ a: v, b: v, c: `x"${v}` })
  })
  test.each([
    [1.5, 1.5],
    [true, true],
    [null, null],
    [undefined, ''],
    [['a', 'b'], 'a, b'],
  ])('%j', (v, expected) => {
    expect(json('[{{ v }}]', v)).toEqual([expected])
  })
})

test.each([
  [{ a: [1, '</script>&'] }, { a: [1, '</script>&'] }],
  ['Ada "A"', 'Ada "A"'],
  [undefined, null],
])('what a filter has made JSON of is that JSON: %j', (v, expected) => {
  const [, written = ''] = /^<script type="application\/ld\+json">([^<&]*)<\/script>$/.exec(
    html('<script type="application/ld+json">[{{ v | json }},{{ v | jsonify }}]</script>', { v }),
  ) as string[]
  expect(JSON.parse(written)).toEqual([expected, expected])
})

test('no value fetches what its style does not, though another one began the name', () => {
  expect(html('<p style="background:{{ a }}{{ b }}">', { a: 'ur', b: 'l(http://evil)' })).not.toContain('url(')
  expect(html('<p style="background:url{{ b }}">', { b: '(http://evil)' })).not.toContain('url(')
  expect(html('<p style={{ b }}>', { b: 'background:url(http://evil)' })).not.toContain('url(')
})

test('all branches of a case that match are written one behind the other, and a value is safe behind each', () => {
  const address = '{% case x %}{% when 1 %}<a href="{% when 1 %}{{ v }}{% endcase %}">'
  expect(html(address, { x: 1, v: EVIL })).not.toContain(EVIL)
  const attribute = '{% case x %}{% when 1 %}<p {% when y %}title={% when 1 %}{{ v }}{% endcase %}>'
  expect(html(attribute, { x: 1, y: 1, v: 'a onclick=alert(1)' })).toBe('<p title=a&#32;onclick&#61;alert(1)>')
})

test('no value takes long to be escaped', () => {
  const signs = ['<', '>', '<a', '&', 'url(', 'url ', ':', ' ', '\ud800', '"', '%']
  const begun = process.cpuUsage()
  for (const sign of signs) {
    const text = sign.repeat(20_000 / sign.length)
    for (const context of ['attribute', 'bare', 'url', 'url-next', 'url-word', 'url-path', 'css'] as const) {
      escapeFor(context, text)
      escapeFor(context, new SafeHtml(text))
    }
  }
  const { user, system } = process.cpuUsage(begun)
  expect((user + system) / 1e6).toBeLessThan(3)
})

test('no attribute takes long to be read', () => {
  const begun = process.cpuUsage()
  for (const part of ['&', ':', '{{ a }}', '{% if a %}x{% endif %}', '{{ a }}&', 'url=']) {
    for (const [begin, end] of [
      ['<a href="', '">'],
      ['<meta content="', '">'],
    ]) {
      compilePart(begin + part.repeat(part.includes('{') ? 2_000 : 60_000) + end, 'html')
    }
  }
  const { user, system } = process.cpuUsage(begun)
  expect((user + system) / 1e6).toBeLessThan(10)
})
