import { expect, test } from 'vitest'
import { workMs } from '../test/work.ts'
import { isMjml } from './mjml-root.ts'
import { readStructure } from './mjml-structure.ts'
import { withoutLiquid } from './rewrite.ts'
import { TemplateError } from './template-error.ts'
import { compileTemplate } from './template.ts'

const reading = (source: object) =>
  compileTemplate({ subject: '', html: null, text: null, ...source }).render({}, { timeZone: 'UTC', now: new Date(0) })

const READERS: Record<string, (text: string) => unknown> = {
  'whether it is MJML': isMjml,
  'HTML of a template': (html) => reading({ html }),
  'text of a template': (text) => reading({ text }),
  'a placeholder': (text) => reading({ text: `{{ ${text} }}` }),
  'an attribute': (text) => reading({ html: `<a href="${text}">` }),
  'the structure of MJML': (body) =>
    readStructure(withoutLiquid(`<mjml><mj-body>${body}`).text, (message) => {
      throw new TemplateError(message, { line: 1, column: 1 })
    }),
}

/** What makes naive patterns and parsers read the same text over and over. */
const HOSTILE: ((size: number) => string)[] = [
  (size) => '<!---->'.repeat(size / 7),
  (size) => '<!-- '.repeat(size / 5),
  (size) => `${'<!----> '.repeat(size / 8)}<mjml>`,
  (size) => `${'<!x> '.repeat(size / 5)}<mjml>`,
  (size) => `${'< '.repeat(size / 2)}<mjml>`,
  (size) => ' '.repeat(size),
  (size) => '{'.repeat(size),
  (size) => '{% '.repeat(size / 3),
  (size) => '{% raw %}'.repeat(size / 9),
  (size) => `{{ ' }}{{ " }}`.repeat(size / 14),
  (size) => `${'x'.repeat(size)}${'{{ a }}'.repeat(size / 64)}`,
  (size) => `${'\n'.repeat(size)}${'{% if a %}x{% endif %}'.repeat(size / 128)}`,
  (size) => '{% if a %}{{ b }}{% endif %}<p>\n'.repeat(size / 64),
  (size) => '<p style="{{ a }}">{{ b }}</p>'.repeat(size / 64),
  (size) => '{% capture a %}<a href="{{ b }}{% endcapture %}{{ a }}'.repeat(size / 512),
  (size) => '<style>'.repeat(size / 7),
  (size) => '</mj-text>'.repeat(size / 10),
  (size) => '<mj-text>{{ a }}</mj-text>'.repeat(size / 64),
  (size) => 'a '.repeat(size / 2),
  (size) => 'a ?? '.repeat(size / 5),
  (size) => `a${'.a'.repeat(size / 2)}!`,
  (size) => `a${'['.repeat(size)}`,
  (size) => `a${' | upcase'.repeat(size / 9)}`,
]

const SIZE = 20_000

const INEXACT_MS = 5

test.each([
  '{% capture a %}<a href="{{ b }}{% endcapture %}{{ a }}'.repeat(300),
  `${'{% if a %}<a href="{% else %}<p title=\'{% endif %}'.repeat(50)}${'x'.repeat(900_000)}{{ a }}`,
  `<a on${'x'.repeat(900_000)}="${'{{ a }}'.repeat(5_000)}`,
])('what can be read in very many ways is refused at once', (html) => {
  const error: unknown = expect.objectContaining({ message: expect.stringMatching(/^Up to here/), line: 1 })
  expect(workMs(() => expect(() => compileTemplate({ subject: '', html, text: null })).toThrow(error))).toBeLessThan(
    2_000,
  )
})

test.each(Object.entries(READERS))('reading %s takes time in step with its length', (_, read) => {
  const isSlow = (make: (size: number) => string) => {
    const once = workMs(() => read(make(SIZE)))
    const more = workMs(() => read(make(SIZE * 8)))
    // Eight times the text may take eight times as long; what begins again for each piece takes 64 times.
    return more > 24 * Math.max(once, INEXACT_MS)
  }
  // The first run may have met the compiler, or another program.
  expect(HOSTILE.filter((make) => isSlow(make) && isSlow(make) && isSlow(make)).map(String)).toEqual([])
})
