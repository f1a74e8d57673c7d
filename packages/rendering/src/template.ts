import { compilePart, type CompiledPart, type Variables } from './compile.ts'
import type { Surroundings } from './date-filters.ts'
import { RENDER_LIMITS } from './limits.ts'
import { authorsMistake } from './liquid-mistakes.ts'
import { allowance } from './render.ts'
import { TemplateError } from './template-error.ts'
import { textOfHtml } from './text-part.ts'

/** What the author of a mail writes. Without a text part one is made of the HTML. */
export interface TemplateSource {
  subject: string
  html: string | null
  text: string | null
}

export type TemplatePart = keyof TemplateSource

/** A message as it is sent. */
export interface Rendered {
  subject: string
  html: string | null
  text: string | null
}

export interface CompiledTemplate {
  /** The paths of all variables that it reads, each once, such as `name` and `data.plan`. */
  variables: readonly string[]
  /** Those of them that are read somewhere without a fallback beside them. */
  needed(): readonly string[]
  /** The same variables and surroundings always give the same bytes. Throws PartError. */
  render(variables: Variables, surroundings: Surroundings): Rendered
}

/** A TemplateError that says in which part of the template it is. */
export class PartError extends TemplateError {
  readonly part: TemplatePart
  constructor(part: TemplatePart, error: TemplateError) {
    super(error.message, error, { cause: error })
    this.part = part
  }
}

/** Reads all parts of a template, each once. Throws PartError for the first that is not well-formed. */
export function compileTemplate(source: TemplateSource): CompiledTemplate {
  const subject = inPart('subject', () => compilePart(source.subject, 'plain'))
  const html = source.html === null ? undefined : inPart('html', () => compilePart(source.html as string, 'html')) // Safe because of the question before.
  const text = source.text === null ? undefined : inPart('text', () => compilePart(source.text as string, 'plain')) // Safe for the same reason.
  const parts = [subject, html, text]
  return {
    variables: [...new Set(parts.flatMap((part) => part?.variables ?? []))],
    needed: () => [...new Set(parts.flatMap((part) => part?.needed() ?? []))],
    render(variables, surroundings) {
      let leftMs: number = RENDER_LIMITS.renderMs
      const write = (part: TemplatePart, compiled: CompiledPart | undefined) => {
        if (compiled === undefined) return null
        const before = process.threadCpuUsage()
        const written = inPart(part, () => compiled.render(variables, surroundings, Math.max(1, leftMs)))
        const { user, system } = process.threadCpuUsage(before)
        leftMs -= (user + system) / 1000
        return storable(part === 'subject' ? oneLine(written) : written)
      }
      const body = write('html', html)
      const words = write('text', text)
      const title = write('subject', subject) ?? ''
      // Of what was filled in: of the template it would say other things wherever Liquid stands in a tag or a comment.
      const seen = () => (body === null ? null : inPart('html', () => textWithin(body, Math.max(1, leftMs))))
      return { subject: title, html: body, text: words ?? seen() }
    },
  }
}

/** The text of a body, within the limits of the rendering that it belongs to. */
function textWithin(body: string, limitMs: number): string {
  try {
    return textOfHtml(body, { ...allowance(limitMs), chars: RENDER_LIMITS.outputChars })
  } catch (error) {
    throw authorsMistake(error, body)
  }
}

/** A header has no line breaks, whatever the values bring. */
// oxlint-disable-next-line no-control-regex -- control characters are what a header must not have
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim()

/**
 * Without what neither PostgreSQL nor a mail can hold: half a surrogate pair, and NUL. Only of a whole part, since two values
 * may bring the halves of one character. NUL leaves a sign behind, so that nothing gets joined that was escaped apart.
 */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')

function inPart<Result>(part: TemplatePart, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof TemplateError && !(error instanceof PartError)) throw new PartError(part, error)
    throw error
  }
}
