import { describe, expect, test } from 'vitest'
import { compilePart, type Variables } from './compile.ts'

const SURROUNDINGS = { timeZone: 'UTC', now: new Date(0) }
const html = (source: string, variables: Variables = {}) => compilePart(source, 'html').render(variables, SURROUNDINGS)

describe('no value names an attribute to which its author gives a value, which could be one that is run', () => {
  test.each([
    '<p {{ v }}="alert(1)">',
    '<p {{ v }}=alert(1)>',
    '<p {{ v }} = "alert(1)">',
    '<p on{{ v }}="alert(1)">',
    '<p a {{ v }}click="alert(1)">',
    '<p title="a"{{ v }}="alert(1)">',
    '<p/{{ v }}="alert(1)">',
    '<p {{ v }}{% if a %}="alert(1)"{% endif %}>',
    '<p {% unless a %}{{ v }}{% else %}b{% endunless %}="alert(1)">',
  ])('%s', (source) => {
    const message = expect.stringMatching(/^A value may not be the name of an attribute that has a value/) as string
    const place = { line: 2, column: source.indexOf('{{') + 1 }
    expect(() => compilePart(`\n${source}`, 'html')).toThrow(expect.objectContaining({ message, ...place }))
    expect(html(source.replace('v }}', 'v | raw }}'), { v: 'own' })).toContain('own')
  })

  test('of several it is the one that does', () => {
    expect(() => compilePart('<p {{ a }} {{ b }}="c" {{ d }}>', 'html')).toThrow(
      expect.objectContaining({ line: 1, column: 12 }),
    )
  })

  test.each([
    ['<option {{ v }}>', 'selected', '<option selected>'],
    ['<option {{ v }} value="a">', 'selected', '<option selected value="a">'],
    ['<td class="a" {{ v }}\n width="1">', 'nowrap', '<td class="a" nowrap\n width="1">'],
    ['<p aria-{{ v }}="b">', 'label', '<p aria-label="b">'],
    ['<p title={{ v }} lang="en">', 'a', '<p title=a lang="en">'],
    ['{{ v }}="b"', 'a', 'a="b"'],
  ])('%s has nothing to do with it', (source, v, expected) => {
    expect(html(source, { v })).toBe(expected)
  })
})
