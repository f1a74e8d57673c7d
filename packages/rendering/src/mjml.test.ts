import { describe, expect, test } from 'vitest'
import { isMjml } from './mjml-root.ts'
import { compileMjml as compileInTurn } from './mjml.ts'
import { TemplateError } from './template-error.ts'

const compileMjml = (mjml: string) => compileInTurn(mjml, { of: 'test' })

const document = (body: string) => `<mjml>
  <mj-body><mj-section><mj-column>
    ${body}
  </mj-column></mj-section></mj-body>
</mjml>`

test('MJML becomes HTML that keeps placeholders and conditions', async () => {
  const html = await compileMjml(
    document(
      '<mj-text>{% if a < b %}Hi {{ name ?? "you" }}{% endif %}</mj-text><mj-button href="{{ url }}">Go</mj-button>',
    ),
  )
  expect(html).toContain('{% if a < b %}Hi {{ name ?? "you" }}{% endif %}')
  expect(html).toContain('href="{{ url }}"')
  expect(html).toContain('<!--[if mso')
})

test('a mistake is named with its line', async () => {
  await expect(compileMjml(document('<mj-text colour="red">x</mj-text>'))).rejects.toThrow(
    expect.objectContaining({ message: 'Attribute colour is illegal.', line: 3 }),
  )
  await expect(compileMjml('<p>Hi</p>')).rejects.toThrow(TemplateError)
})

test('MJML is known by its first element', () => {
  expect(['<mjml>', ' <!-- a -->\n<mjml lang="en">', '<p>mjml</p>', '<mjmlx>'].map(isMjml)).toEqual([
    true,
    true,
    false,
    false,
  ])
})

describe('MJML behind something else is MJML too, and never sent as it was written', () => {
  const whole = document('<mj-text>Hi</mj-text>')

  test.each([
    '<?xml version="1.0"?>\n',
    '<!doctype html>\n',
    '<?xml version="1.0"?><!-- a --><!DOCTYPE mjml>\n\n',
    '\ufeff',
  ])('%j', async (before) => {
    expect(isMjml(before + whole)).toBe(true)
    expect(await compileMjml(before + whole)).toBe(await compileMjml(whole))
    const line = before.split('\n').length + 2
    await expect(compileMjml(before + document('<mj-text colour="red">x</mj-text>'))).rejects.toThrow(
      expect.objectContaining({ message: 'Attribute colour is illegal.', line, column: 5 }),
    )
  })

  test.each([
    ['', '{% assign y = 1 %}\n'],
    ['', '{% comment %}q{% endcomment %}'],
    ['<!doctype html>\n ', '{% raw %}<p>{% endraw %}'],
    ['<!-- {{ a }} -->\n', '{{ a }}'],
    ['\n', '{% if a %}'],
    ['<?xml version="1.0"?>\n', 'Hi'],
    ['\n ', '</p>'],
  ])('%j and %j, at whose place it is refused', async (before, stray) => {
    const mjml = before + stray + whole
    expect(isMjml(mjml)).toBe(true)
    const lines = before.split('\n')
    await expect(compileMjml(mjml)).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^MJML has to begin with <mjml>: move what stands here/),
        line: lines.length,
        column: (lines.at(-1)?.length ?? 0) + 1,
      }),
    )
  })
})

test.each([
  '<p>Write <mjml> first.</p>',
  'Write &lt;mjml> first. <br>',
  '<!-- <mjml> --><p>',
  '<!-- <mjml>',
  '<p title="<mjml>">',
  '{% raw %}<mjml>{% endraw %}<p>',
  '{% comment %}<mjml>{% endcomment %}',
  '{{ "<mjml>" }}<p>',
  '{% if a %}<p>{% endif %}<mjml>',
  '<!doctype html><html><body><pre><mjml></pre>',
])('HTML that only mentions MJML is HTML: %s', (source) => {
  expect(isMjml(source)).toBe(false)
})
