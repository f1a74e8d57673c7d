import { MjmlBusyError, PartError, TemplateError } from '@posthorn/rendering'
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
    if (error instanceof MjmlBusyError) throw busy(error)
    if (!(error instanceof TemplateError)) throw error
    const field = error instanceof PartError ? fields[error.part] : fields.html
    const place = `line ${error.line}, column ${error.column}`
    throw new ApiError('TEMPLATE_INVALID', `The template has a mistake in \`${field}\`, ${place}: ${error.message}`, {
      errors: [{ field, message: `${error.message} (${place})`, code: 'template' }],
      cause: error,
    })
  }
}

const busy = (cause: MjmlBusyError) =>
  new ApiError('SERVER_BUSY', 'Many templates in MJML are being read at the moment.', { retryAfterSeconds: 5, cause })
