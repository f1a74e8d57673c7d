import mjml2html from 'mjml'
import { marksIn } from './rewrite.ts'

/** What MJML does not understand, and the element in which it stands. */
export interface Mistake {
  message: string
  line: number
  element: string
}

/** What MJML makes of a document, or its first mistake. */
export interface MadeHtml {
  html: string
  mistake: Mistake | undefined
}

/** Runs in a thread of its own. Reads no other files, whatever the document says, and fetches no fonts but the author's. */
export default async function makeHtml(mjml: string): Promise<MadeHtml> {
  const { html, errors } = await mjml2html(mjml, { validationLevel: 'soft', ignoreIncludes: true, fonts: {} })
  const first = errors.find(({ message }) => !isFilledInLater(message))
  return { html, mistake: first && { message: first.message, line: first.line, element: first.tagName } }
}

/** A colour is written down as it is; all other values that MJML looks at, it reckons with. */
const isFilledInLater = (message: string): boolean => /for type Color\s*$/.test(message) && marksIn(message).length > 0
