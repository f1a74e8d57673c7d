import { BusyError, isMjml, PartError, TemplateError, type TemplateSource } from '@posthorn/rendering'
import { ApiError } from '../errors.ts'

export const templateNotFound = () => new ApiError('TEMPLATE_NOT_FOUND', 'The project has no such template.')

/** The fields of a request that hold the parts of a template. */
export type PartFields = Record<'subject' | 'html' | 'text', string>

export const TEMPLATE_FIELDS: PartFields = { subject: 'subject', html: 'body', text: 'text' }

/** Runs what reads or fills a template; a mistake in it becomes a refusal that names the field, the line and the column. */
export async function refusingMistakes<Result>(
  work: () => Result | Promise<Result>,
  fields: PartFields = TEMPLATE_FIELDS,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BusyError) throw busy(error)
    if (!(error instanceof TemplateError)) throw error
    const field = error instanceof PartError ? fields[error.part] : fields.html
    const place = `line ${error.line}, column ${error.column}`
    throw new ApiError('TEMPLATE_INVALID', `The template has a mistake in \`${field}\`, ${place}: ${error.message}`, {
      errors: [{ field, message: `${error.message} (${place})`, code: 'template' }],
      cause: error,
    })
  }
}

const busy = (cause: BusyError) =>
  new ApiError(
    'SERVER_BUSY',
    cause.isOwn
      ? 'So many templates of the project wait to be read or filled in that one more would wait too long.'
      : 'Many slow templates are being read or filled in at the moment.',
    { retryAfterSeconds: 5, cause },
  )

/** A template, and the body that its HTML was made of. */
export interface WrittenSource extends TemplateSource {
  html: string
  body: string
}

/** Does something with a template. A mistake in the HTML of MJML is looked for in the MJML, where its author has made it. */
export function atAuthorsPlace<Result>(written: WrittenSource, work: (source: TemplateSource) => Result): Result {
  try {
    return work(written)
  } catch (error) {
    const isMade = error instanceof PartError && error.part === 'html' && isMjml(written.body)
    // With a text of its own, since none can be made of MJML.
    if (isMade) work({ ...written, html: written.body, text: written.text ?? '' })
    throw error
  }
}

export const changedMeanwhile = () =>
  new ApiError('TEMPLATE_CHANGED', 'The content of the template is another by now than what this was made on.', {
    suggestion: 'Get the template again, and make the change on what is there now.',
  })
