import fc from 'fast-check'
import { compile } from 'html-to-text'
import { describe, expect, test } from 'vitest'
import { textOfHtml, tidied } from './text-part.ts'

/** A well-known library, set to write as we do: slower, and easily brought down, but right about ordinary HTML. */
const reference = compile({
  wordwrap: false,
  limits: { maxDepth: 200 },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'table', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'td', format: 'inlineSurround', options: { suffix: ' ' } },
    { selector: 'th', format: 'inlineSurround', options: { suffix: ' ' } },
    { selector: '[aria-hidden=true]', format: 'skip' },
    { selector: 'li', format: 'item' },
  ],
  formatters: {
    // Of itself it would run the items together that stand outside of a list.
    item(element, walk, builder) {
      const parent = (element.parent as { name?: string } | null)?.name
      if (parent === 'ul' || parent === 'ol') return walk(element.children, builder)
      builder.openList({ leadingLineBreaks: 1, maxPrefixLength: 2 })
      builder.openListItem({ prefix: '* ' })
      walk(element.children, builder)
      builder.closeListItem()
      builder.closeList({ trailingLineBreaks: 1 })
    },
  },
})

const TAGS = (
  'article aside blockquote body br div em footer head header hr html img li main nav ol p pre section span ' +
  'strong table tbody td th tr ul wbr x-y'
).split(' ')
const ATTRIBUTES = [
  '',
  ' href="https://a.example/"',
  " HREF='mailto:ada@example.com' href=b",
  ' href="#top"',
  ' href',
  ' href="a b&amp;c"',
  ' start=3 type=a',
  ' start="27" type="A"',
  ' type=i',
  ' type="I" start="9"',
  ' aria-hidden="true"',
  ' aria-hidden',
  ' style="a > b"',
]
const WORDS = ['https://a.example/', 'ada@example.com', 'word', 'w&amp;x', '&nbsp;', '&', '<', 'é', '\u200b', '"', '-']
const BLANKS = [' ', '  ', '\n', '\t', '\r\n', '\n \n']

const words = fc.constantFrom(...WORDS, ...BLANKS)
const attributes = fc.constantFrom(...ATTRIBUTES)
// The library's older parser nests these in themselves where browsers do not.
const heading = fc.tuple(fc.constantFrom('h1', 'h2', 'h4', 'form'), words)
const closed = heading.map(([tag, word]) => `<${tag}>${word}</${tag}>`)
const link = fc
  .tuple(
    attributes,
    fc.array(fc.oneof(words, fc.constantFrom('<div>x</div>', '<br>', '<pre>y z</pre>')), { maxLength: 3 }),
  )
  .map(([more, inner]) => `<a${more}>${inner.join('')}</a>`)
const text = fc.oneof({ weight: 5, arbitrary: words }, closed, link)
const opening = fc.tuple(fc.constantFrom(...TAGS), attributes).map(([tag, more]) => `<${tag}${more}>`)
const closing = fc.constantFrom(...TAGS).map((tag) => `</${tag}>`)

/** Tags in any order. */
const soup = fc.array(fc.oneof(text, text, opening, closing), { maxLength: 40 }).map((parts) => parts.join(''))

/** Elements that are closed where they were opened. */
const { nested } = fc.letrec<{ nested: string; node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 7 },
    text,
    fc
      .tuple(fc.constantFrom(...TAGS), attributes, tie('nested'))
      .map(([tag, more, inner]) => `<${tag}${more}>${inner}</${tag}>`),
  ),
  nested: fc.array(tie('node'), { maxLength: 6 }).map((parts) => parts.join('')),
}))

describe('the same text as a library makes that is slower', () => {
  test.each([
    ['of any tags', soup],
    ['of nested elements', nested],
  ])('%s', (_, html) => {
    fc.assert(
      fc.property(html, (source) => {
        expect(textOfHtml(source)).toBe(tidied(reference(source)))
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1_500) },
    )
  })
})

test.each([
  ['javascript:alert(1)', 'a'],
  [' java\tscript:alert(1)', 'a'],
  ['JAVASCRIPT:1', 'a'],
  ['data:text/html,x', 'a'],
  ['vbscript:x', 'a'],
  ['sms:1', 'a'],
  ['tel:1', 'a <tel:1>'],
  ['HTTPS://x.example', 'a <HTTPS://x.example>'],
  ['mailto:ada@example.com', 'a <ada@example.com>'],
  ['//x.example/a:b', 'a <//x.example/a:b>'],
])('the address %j is shown to those who read text only where they can follow it', (href, text) => {
  expect(textOfHtml(`<a href="${href}">a</a>`)).toBe(text)
})

test.each([
  [
    'a picture that is a link',
    '<a href="https://x.example"><img alt="Shop"></a><img alt="Logo">',
    'Shop <https://x.example>',
  ],
  [
    'words that are not shown',
    '<div style="color:red; Display : none !important">a</div><p style="display:none-x">b</p>',
    'b',
  ],
  ['comments and styles between the items of a list', '<ul><!-- a --><li>x<style>b</style><li>y</ul>', '* x\n * y'],
  ['items without a list', '<p>a: <li>b</li> <li>c<br>d</li></p>e', 'a:\n* b\n* c\n  d\n\ne'],
  ['an element named like a property of objects', '<p>a</p><constructor>b</constructor>', 'a\n\nb'],
  ['a heading that was not closed', '<h1>a<h2>b</h2>c', 'a\n\nb\n\nc'],
  ['a list that begins at no number', '<ol start="soon"><li>a</ol><ol start=99999999999><li>b</ol>', '1. a\n\n 1. b'],
  ['a list that begins at a number no Roman wrote', '<ol type=i start=4000><li>a</ol>', '4000. a'],
  ['a list that ends beyond the Roman numbers', '<ol type=I start=3999><li>a<li>b</ol>', 'MMMCMXCIX. a\n 4000.      b'],
  ['a list below the first letter', '<ol type=a start=-1><li>a<li>b<li>c</ol>', '-1. a\n 0.  b\n a.  c'],
])('%s', (_, html, expected) => {
  expect(textOfHtml(html)).toBe(expected)
})

test('lists in lists are set off so far and no further', () => {
  const [first = '', second = ''] = textOfHtml(`${'<ol start=-2147483647><li>'.repeat(9)}a<br>b`).split('\n')
  expect(first).toMatch(/^(?:-2147483647\. )+a$/)
  expect(second).toMatch(/^ {1,60}b$/)
})

test.each([
  ['its limit of characters', { requireTime: () => undefined, chars: 10 }],
  ['its time', { requireTime: () => expect.unreachable(), chars: 1_000 }],
])('a text is held to %s', (_, limits) => {
  expect(() => textOfHtml(`<ul><li>${'word '.repeat(10)}</ul>`, limits)).toThrow()
})

describe('no HTML takes long or makes a text without end', () => {
  const most = 1_000_000
  test.each([
    ['elements that are never closed', '<p><b>'],
    ['links that are never closed', '<a href=x>y<i>'],
    ['quotes in quotes', '<blockquote>a<br>'],
    ['lists in lists', '<ol start=-2147483647><li>a<br>'],
    ['quotes around many lines', `${'<blockquote>'.repeat(150)}${'<br>'.repeat(most / 4)}`],
    ['lists around many lines', `${'<ol start=-2147483647><li>'.repeat(90)}${'<br>'.repeat(most / 4)}`],
    ['blanks that are kept', `<pre>a${' '.repeat(most)}b`],
    ['blanks that are not', `a${' \n'.repeat(most / 2)}b`],
    ['line ends', `a${'<br>'.repeat(most / 4)}b`],
    ['ends of nothing', `${'<i>'.repeat(500)}${'</x>'.repeat(most / 4)}`],
    ['an attribute without end', `<a href="${'&amp;'.repeat(most / 5)}`],
  ])('%s', (_, part) => {
    const html = part.repeat(Math.ceil(most / part.length))
    const startedAt = process.cpuUsage()
    const text = textOfHtml(html)
    const { user, system } = process.cpuUsage(startedAt)
    expect(text.length).toBeLessThan(100 * most)
    expect((user + system) / 1e6).toBeLessThan(5)
  })
})
