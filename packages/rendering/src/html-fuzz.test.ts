import fc from 'fast-check'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import { expect, test } from 'vitest'
import { TemplateError } from './template-error.ts'
import { compileTemplate } from './template.ts'

type Node = DefaultTreeAdapterTypes.Node

const SURROUNDINGS = { timeZone: 'UTC', now: new Date(0) }

const PIECES = (
  '<a |<p |<b|<meta |<svg|<script |<style|<title|</a|</style|</title|</script|<!--|-->|--!>|<!---->|<!-->|<!--[if mso]>|' +
  '<![endif]-->|<![CDATA[|]]>|<!doctype |<?x |<|>|/|=|"|\'| |-|!|&|&#|&#x|:|;|?|#|a|url|u&#114;l|href|href=|href="|title=\'|title="a > b"|' +
  'style=|style="|style="background:|style="background:url(|onload=|http-equiv=refresh |content="|content="0;url=|content=0;|' +
  'src=https://x.example/|type="application/ld+json"|{"a":"|background:|<noscript>|<textarea>|<select>|<math>|<td/'
).split('|')
const VALUES = ['{{ a }}', '{{ b }}', '{{ c }}', '{{ x }}', '{{ a[0] }}', '{{ b | url_decode }}', '{{ "\\ud83d" }}']
const GIVEN = [
  'javascript:evil()',
  'url=javascript:evil()',
  '0;url=javascript:evil()',
  'x onevil=evil()',
  '"\'><evil onevil=evil()>',
  '-->',
  '--',
  '!',
  '',
  'javascript',
  ':evil()',
  'onevil',
  'url(//evil)',
  'ur',
  'l(//evil)',
  '</script><evil>',
  '\\',
  '"',
  '/',
  ']]>',
  '#106;avascript:evil()',
  '58;evil()',
  'colon;evil()',
  '#40//evil)',
  '😀',
  '%00',
  'java%00script:evil()',
  'ur%00l(//evil)',
]

/** What values have made of a document that is none of its author's. */
function harm(document: string): string | undefined {
  const look = (node: Node): string | undefined => {
    if ('tagName' in node) {
      if (node.tagName === 'evil') return 'an element'
      const attributes = new Map(node.attrs.map(({ name, value }) => [name, value]))
      for (const [name, value] of attributes) {
        // oxlint-disable-next-line no-control-regex -- control characters are what browsers skip
        const bare = value.replace(/[\u0000-\u0020]/g, '')
        if (name === 'onevil' && value.includes('evil')) return 'an attribute'
        if (name.startsWith('on') && value.includes('evil')) return 'a program'
        if (name === 'href' && bare.startsWith('javascript:')) return 'an address'
        if (name === 'content' && attributes.has('http-equiv') && /^0[;,]*(?:url=)?['"]?javascript:/i.test(bare))
          return 'a way'
        if (name === 'style' && /url\(\/\/evil/.test(value)) return 'a picture'
      }
      if (
        node.tagName === 'script' &&
        !attributes.has('type') &&
        node.childNodes.some((child) => 'value' in child && child.value.includes('evil'))
      )
        return 'a script'
    }
    return 'childNodes' in node ? node.childNodes.map(look).find((found) => found !== undefined) : undefined
  }
  return look(parse(document))
}

const { source } = fc.letrec<{ piece: string; source: string }>((tie) => {
  const inner = tie('source')
  return {
    piece: fc.oneof(
      { maxDepth: 2 },
      { weight: 12, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 6, arbitrary: fc.constantFrom(...VALUES) },
      fc
        .tuple(fc.constantFrom('t', 'f'), inner, inner)
        .map(([is, yes, no]) => `{% if ${is} %}${yes}{% else %}${no}{% endif %}`),
      fc.tuple(fc.constantFrom('t', 'f'), inner).map(([is, yes]) => `{% if ${is} %}${yes}{% endif %}`),
      inner.map((round) => `{% for i in l %}${round}{% endfor %}`),
      inner.map((text) => `{% capture x %}${text}{% endcapture %}`),
      inner.map((text) => `{% raw %}${text.replaceAll(/[{}]/g, '')}{% endraw %}`),
    ),
    source: fc.array(tie('piece'), { maxLength: 10 }).map((pieces) => pieces.join('')),
  }
})
const given = fc.constantFrom(...GIVEN)

test('whatever HTML values stand in, they are nothing but values to a parser of the standard', () => {
  fc.assert(
    fc.property(source, given, given, given, (html, a, b, c) => {
      fc.pre(html.includes('{{'))
      let document: string
      try {
        const template = compileTemplate({ subject: '', html, text: '' })
        document = template.render({ a, b, c, t: 1, l: [1, 2] }, SURROUNDINGS).html ?? ''
      } catch (error) {
        if (error instanceof TemplateError) return
        throw error
      }
      expect({ document, harm: harm(document) }).toEqual({ document, harm: undefined })
      expect(document.isWellFormed() && !document.includes('\0')).toBe(true)
    }),
    {
      examples: [
        ['<a href="{{ a }}&{{ b }}">', '', '#106;avascript:evil()', ''],
        ['<a href="&{{ a }}">', '#106;avascript:evil()', '', ''],
        ['<a href=&{{ a }}>', '#106;avascript:evil()', '', ''],
        ['<a href="{{ a }}{% if t %}&{{ b }}{% endif %}">', '', '#106;avascript:evil()', ''],
        ['<a href="{% raw %}&{% endraw %}{{ a }}">', '#106;avascript:evil()', '', ''],
        ['<a href="&#{{ a }}">', '106;avascript:evil()', '', ''],
        ['<a href="&#000{%- if t %}{{ a }}{% endif %}">', '106;avascript:evil()', '', ''],
        ['{% capture x %}<a href="&{% endcapture %}{{ x }}{{ a }}">', '#106;avascript:evil()', '', ''],
        ['<a style="background:url&{{ a }}">', '#40//evil)', '', ''],
        ['<a style="background:url&l{{ a }}">', 'par;//evil)', '', ''],
      ],
      numRuns: Number(process.env['FUZZ_RUNS'] ?? 200),
    },
  )
})
