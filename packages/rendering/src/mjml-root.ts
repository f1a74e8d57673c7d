import { withoutLiquid } from './rewrite.ts'
import { TemplateError } from './template-error.ts'

const MENTIONED = /<mjml[\s/>]/i
const ROOT = /<mjml[\s/>]/iy
const BLANKS = /\s*/y

/** Whether a document is written in MJML: that is its first element, whatever stands before it. */
export const isMjml = (source: string): boolean => MENTIONED.test(source) && beginningOf(marked(source)).isMjml

/** Liquid that is never closed is refused where the document is read. */
function marked(source: string): string {
  try {
    return withoutLiquid(source).text
  } catch (error) {
    if (error instanceof TemplateError) return source
    throw error
  }
}

interface Beginning {
  isMjml: boolean
  /** Where something stands before the first element that is no comment, XML declaration or doctype. */
  stray: number | undefined
}

/** How a document begins whose Liquid was replaced by marks. */
export function beginningOf(text: string): Beginning {
  let stray: number | undefined
  for (let at = 0; ;) {
    BLANKS.lastIndex = at
    BLANKS.exec(text)
    const open = text.indexOf('<', at)
    if (open < 0) return { isMjml: false, stray }
    if (BLANKS.lastIndex < open) stray ??= BLANKS.lastIndex
    if (/[a-z]/i.test(text[open + 1] ?? '')) {
      ROOT.lastIndex = open
      return { isMjml: ROOT.test(text), stray }
    }
    const ending = endingOf(text, open)
    if (ending === undefined) stray ??= open
    const end = text.indexOf(ending ?? '<', open)
    if (end < 0) return { isMjml: false, stray }
    at = end + (ending ?? '<').length
  }
}

/** What ends a comment, a declaration or a doctype; nothing else may stand before MJML. */
function endingOf(text: string, open: number): string | undefined {
  if (text.startsWith('<!--', open)) return '-->'
  return text.startsWith('<!', open) || text.startsWith('<?', open) ? '>' : undefined
}
