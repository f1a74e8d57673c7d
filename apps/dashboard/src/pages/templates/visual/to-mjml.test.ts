import { expect, test } from 'vitest'
import { liquidOf, type DesignNode } from './design.ts'
import { toMjml } from './to-mjml.ts'

const mail = (...content: DesignNode[]) => toMjml({ type: 'doc', content })
const line = (...content: DesignNode[]): DesignNode => ({ type: 'paragraph', content })
const text = (words: string, ...marks: NonNullable<DesignNode['marks']>): DesignNode => ({
  type: 'text',
  text: words,
  marks,
})
const block = (type: string, attrs: Record<string, unknown>): DesignNode => ({ type, attrs })

test('words are escaped and Liquid is not, wherever it stands', () => {
  const made = mail(
    line(text('a < b & c {% if a < b %}{{ x ?? "y" }}{% endif %}')),
    block('mailButton', { label: 'Go & see', href: 'https://example.com/?a=1&b="{{ q ?? "z" }}"', align: 'left' }),
  )
  expect(made).toContain('a &lt; b &amp; c {% if a < b %}{{ x ?? "y" }}{% endif %}')
  expect(made).toContain('href="https://example.com/?a=1&amp;b=&quot;{{ q ?? "z" }}&quot;" align="left">Go &amp; see<')
})

test('a mail has a section for what follows each other, and one for each row', () => {
  const column = (words: string): DesignNode => ({ type: 'column', content: [line(text(words))] })
  const made = mail(
    { type: 'heading', attrs: { level: 2 }, content: [text('Title')] },
    line(text('One '), text('two', { type: 'bold' }, { type: 'link', attrs: { href: 'https://a.example' } })),
    { type: 'columns', content: [column('Left'), column('Right')] },
    block('spacer', { height: 30 }),
    { type: 'mailFooter', content: [line(text('Bye'))] },
    line(),
  )
  expect(made.match(/<mj-section/g)).toHaveLength(4)
  expect(made.match(/<mj-column>/g)).toHaveLength(5)
  expect(made).toMatch(/<h2 style="[^"]+">Title<\/h2>/)
  expect(made).toContain('One <strong><a href="https://a.example" style="color:#1d4f91">two</a></strong>')
  expect(made).toContain('<mj-spacer height="30px" />')
  // The line that waits for more at the end is none of the mail.
  expect(made).not.toContain('&nbsp;')
})

test('lists keep their depth, pictures their text, and HTML cannot leave its block', () => {
  const item = (...content: DesignNode[]): DesignNode => ({ type: 'listItem', content })
  const made = mail(
    {
      type: 'bulletList',
      content: [item(line(text('a')), { type: 'orderedList', content: [item(line(text('b')))] })],
    },
    block('mailImage', { src: 'https://a.example/x.png', alt: 'A "logo"', href: '', width: '120', align: 'center' }),
    block('rawHtml', { html: '<b>x</b></mj-text><mj-include path="/etc/passwd" />' }),
  )
  expect(made).toMatch(/<ul [^>]+><li>a<ol [^>]+><li>b<\/li><\/ol><\/li><\/ul>/)
  expect(made).toContain(
    '<mj-image src="https://a.example/x.png" alt="A &quot;logo&quot;" width="120px" align="center" />',
  )
  expect(made).toContain('<b>x</b>&lt;mj-text>&lt;mj-include')
})

test.each(['', ' '])('a picture that was given %j as its text does not say that it is decoration', (alt) => {
  const made = mail(block('mailImage', { src: 'https://a.example/x.png', alt, href: '', width: '', align: 'left' }))
  expect(made).toContain('<mj-image src="https://a.example/x.png" align="left" />')
})

test.each([
  ['firstName', '', '{{ firstName }}'],
  ['firstName', 'my "friend"', `{{ firstName ?? 'my "friend"' }}`],
  ['first name', `it's`, `{{ data["first name"] ?? "it's" }}`],
])('%s with %j in its place is %s', (name, fallback, expected) => {
  expect(liquidOf(name, fallback)).toBe(expected)
})
