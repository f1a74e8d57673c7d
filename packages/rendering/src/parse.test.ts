import fc from 'fast-check'
import { Output, toValueSync, type Template } from 'liquidjs'
import { expect, test } from 'vitest'
import { compilePart } from './compile.ts'
import { htmlEngine } from './engine.ts'
import { readLiquid } from './liquid-source.ts'
import { parseTemplates, Placeholder } from './parse.ts'
import { TemplateError } from './template-error.ts'

const PIECES = [
  "'",
  '"',
  '\\',
  '<p>',
  '</p>',
  '{{ v }}',
  '{{- v | upcase -}}',
  '{{ "}}" }}',
  "{{ 'a\\'' }}",
  '}}',
  '%}',
]
const TAGS = ["# don't", "assign w = 'don't'", "assign w = 'a'", 'break', "if v == '"]
const BLOCKS = [
  ['if v', 'endif'],
  ["unless v == 'a'", 'else', 'endunless'],
  ['for i in l', 'endfor'],
  ['tablerow i in l', 'endtablerow'],
  ['case v', 'when 1', 'else', 'endcase'],
  ['capture c', 'endcapture'],
  ["comment don't", "endcomment don't"],
  ['raw', 'endraw'],
]
const asTag = (words: string) => `{% ${words} %}`

const { source } = fc.letrec<{ source: string; piece: string }>((tie) => ({
  source: fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join(' ')),
  piece: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: fc.constantFrom(...PIECES), weight: 4 },
    fc.constantFrom(...TAGS).map(asTag),
    fc.tuple(fc.constantFrom(...BLOCKS), tie('source')).map(([words, inside]) => words.map(asTag).join(inside)),
  ),
}))

const EVIL = '<img src=x onerror=a>'
const engine = htmlEngine()

function allOf(templates: readonly Template[]): Template[] {
  return templates.flatMap((template) => {
    const children = template.children === undefined ? [] : toValueSync(template.children(false, true))
    return [template, ...allOf(children)]
  })
}

test('whatever a template is made of, each value in it is written by one of ours', () => {
  let outputs = 0
  fc.assert(
    fc.property(source, (text) => {
      try {
        const templates = allOf(parseTemplates(readLiquid(text), 'html', engine))
        expect(templates.filter((template) => template instanceof Output)).toEqual([])
        outputs += templates.filter((template) => template instanceof Placeholder).length
        expect(
          compilePart(text, 'html').render({ v: EVIL, l: [1, 2] }, { timeZone: 'UTC', now: new Date(0) }),
        ).not.toContain('<img')
      } catch (error) {
        if (!isMistake(error)) throw error
      }
    }),
    { numRuns: 300 },
  )
  expect(outputs).toBeGreaterThan(20)
})

const isMistake = (error: unknown) =>
  error instanceof TemplateError ||
  (error as Error).name === 'ParseError' ||
  (error as Error).name === 'TokenizationError'
