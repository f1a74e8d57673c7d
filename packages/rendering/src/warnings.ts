import { mjmlImagesWithoutText } from './mjml-images.ts'
import { isMjml } from './mjml-root.ts'
import { readHtml } from './read-html.ts'
import { seenLinks } from './seen-links.ts'

/** Something that is allowed and yet seldom meant. */
export interface TemplateWarning {
  code: 'unknown-variable' | 'missing-alt' | 'no-unsubscribe-link' | 'clipped-by-gmail'
  message: string
}

/** Gmail shows no more than this of a message. */
const GMAIL_BYTES = 102 * 1024

export interface Judged {
  /** The rendered HTML. */
  html: string | null
  /** What its author wrote, where that is another thing than HTML. */
  body?: string
  /** The variables that the template reads without a fallback. */
  variables: readonly string[]
  /** Names that have a value for somebody; left out where nobody knows. */
  known?: ReadonlySet<string>
  /** The addresses that are a way out, where the mail must offer one. */
  waysOut?: readonly string[] | undefined
}

/** What its author should look at before a template is sent. */
export function warningsOf({ html, body, variables, known, waysOut }: Judged): TemplateWarning[] {
  const warnings: TemplateWarning[] = []
  const unknown = known === undefined ? [] : variables.filter((path) => !isKnown(path, known))
  for (const path of unknown) {
    warnings.push({ code: 'unknown-variable', message: `No contact and no declared variable has “${path}”.` })
  }
  if (html === null) return warnings
  if (waysOut !== undefined) {
    const links = seenLinks(html)
    if (!waysOut.some((url) => links.has(url))) {
      warnings.push({ code: 'no-unsubscribe-link', message: 'It has no link to {{ unsubscribeUrl }}.' })
    }
  }
  const bare = imagesWithoutText(html) + (body !== undefined && isMjml(body) ? mjmlImagesWithoutText(body) : 0)
  if (bare > 0) {
    const images = bare === 1 ? 'An image has' : `${bare} images have`
    warnings.push({ code: 'missing-alt', message: `${images} no alt text; many readers see that instead.` })
  }
  const bytes = Buffer.byteLength(html)
  if (bytes > GMAIL_BYTES) {
    const kilobytes = Math.ceil(bytes / 1024)
    warnings.push({ code: 'clipped-by-gmail', message: `It has ${kilobytes} kB; Gmail cuts off what is over 102 kB.` })
  }
  return warnings
}

function isKnown(path: string, known: ReadonlySet<string>): boolean {
  const field = fieldOfVariable(path)
  return field === undefined || known.has(field)
}

/** The field of a contact's data that a variable names: `plan` for `plan`, `data.plan` and `contact.data['plan']`. */
export function fieldOfVariable(path: string): string | undefined {
  const names = [...path.matchAll(/\['([^']*)'\]|[^.[\]]+/g)].map(([plain, quoted]) => quoted ?? plain)
  if (names[0] === 'event') return undefined
  return names.find((name) => name !== 'data' && name !== 'contact')
}

/** How many images have no text in their place. */
function imagesWithoutText(html: string): number {
  let bare = 0
  readHtml(html, {
    onopentag(name, { alt }) {
      if (name === 'img' && alt === undefined) bare += 1
    },
  })
  return bare
}
