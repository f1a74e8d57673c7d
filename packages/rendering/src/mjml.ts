import mjml2html from 'mjml'
import { TemplateError } from './compile.ts'
import { withoutLiquid } from './rewrite.ts'

/** Whether a document is written in MJML. */
export const isMjml = (source: string): boolean => /^\s*(?:<!--[\s\S]*?-->\s*)*<mjml[\s>]/i.test(source)

/**
 * The HTML that an MJML document stands for; placeholders and conditions are kept as they are. Reads no other files,
 * whatever the document says. Throws TemplateError with the line of the first mistake.
 */
export async function compileMjml(source: string): Promise<string> {
  const { text, restore } = withoutLiquid(source)
  try {
    const { html, errors } = await mjml2html(text, { validationLevel: 'soft', ignoreIncludes: true })
    const [first] = errors
    if (first !== undefined) throw new TemplateError(`${first.message}.`, { line: first.line, column: 1 })
    return restore(html)
  } catch (error) {
    if (error instanceof TemplateError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new TemplateError(message, { line: 1, column: 1 }, { cause: error })
  }
}
