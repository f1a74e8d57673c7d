import mjml2html from 'mjml'

/** What MJML makes of a document, or its first mistake. */
export interface MadeHtml {
  html: string
  mistake: { message: string; line: number } | undefined
}

/** Runs in a thread of its own. Reads no other files, whatever the document says, and fetches no fonts but the author's. */
export default async function makeHtml(mjml: string): Promise<MadeHtml> {
  const { html, errors } = await mjml2html(mjml, { validationLevel: 'soft', ignoreIncludes: true, fonts: {} })
  const [first] = errors
  return { html, mistake: first && { message: first.message, line: first.line } }
}
