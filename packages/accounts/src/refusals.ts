import { ApiError, inWords } from '@posthorn/services'
import { APIError } from 'better-auth/api'

type Status = ConstructorParameters<typeof APIError>[0]

// Better-auth answers some refusals of status 403 as if nothing had happened.
const STATUSES: Record<number, Status> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'UNPROCESSABLE_ENTITY',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  422: 'UNPROCESSABLE_ENTITY',
}

/** One of our refusals in the words of the account library. */
export function refused(code: string, message: string, status: Status = 'BAD_REQUEST'): APIError {
  return new APIError(status, { code, message })
}

/** Does something, with its refusals in the words of the account library. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { code, suggestion } = error
    const message = suggestion === undefined ? error.message : `${error.message} ${suggestion}`
    throw new APIError(STATUSES[error.status] ?? 'BAD_REQUEST', { code, message })
  }
}

export function tooManyTries(waitSeconds: number): APIError {
  return new APIError(
    'TOO_MANY_REQUESTS',
    { code: 'TOO_MANY_TRIES', message: `Too many tries. Try again in ${inWords(waitSeconds)}.`, waitSeconds },
    { 'Retry-After': String(waitSeconds) },
  )
}

export const passkeyNotFound = () => refused('PASSKEY_NOT_FOUND', 'You have no such passkey.', 'NOT_FOUND')
