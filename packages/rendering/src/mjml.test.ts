import { expect, test } from 'vitest'
import { compileMjml as compileInTurn, isMjml } from './mjml.ts'
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
