import { ApiError, DatabaseDeniedError, isDenied, isUnavailable } from '@posthorn/services/errors'
import { CommandError, type Failure } from './errors.ts'

/** Words for whoever typed the command. */
export function explain(error: unknown): Failure {
  if (error instanceof CommandError) return error
  // What the command line refused below the door comes back wrapped.
  if (error instanceof ApiError && error.cause instanceof CommandError) return explain(error.cause)
  if (error instanceof ApiError) return explainRefusal(error)
  if (isUnavailable(error)) {
    return failure(
      'SERVICE_UNAVAILABLE',
      `The database cannot be reached (${reasonOf(error)}): check that it runs and that DATABASE_URL is right.`,
    )
  }
  if (error instanceof Error && isDenied(error)) {
    return failure('DATABASE_REFUSED', new DatabaseDeniedError(error).message)
  }
  if (error instanceof Error && 'setting' in error) return failure('CONFIGURATION', error.message)
  return failure('INTERNAL_ERROR', `Something went wrong that should not have: ${reasonOf(error)}`)
}

const failure = (code: string, message: string): Failure => ({ code, message, exitCode: 1 })

/** The names that fields of the API have on the command line. */
const FLAGS: Record<string, string> = {
  expiresAt: '--expires',
  allowedIps: '--allow-ip',
  scopes: '--scope',
  id: 'the id',
}

function explainRefusal({ code, message, errors, suggestion }: ApiError): Failure {
  if (code !== 'VALIDATION_ERROR' || errors === undefined) {
    return failure(code, suggestion === undefined ? message : `${message} ${suggestion}`)
  }
  const words = errors.map(({ field, message }) => {
    const [name = ''] = field.split('.')
    return `${FLAGS[name] ?? (name === 'domain' ? 'the domain' : `--${name}`)}: ${message}`
  })
  return { code, message: words.join(' '), exitCode: 2 }
}

/** Of several addresses that were tried in vain, the driver reports each and says nothing as a whole. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
