import { ApiError } from '../errors.ts'

const ENDED = { sent: 'was sent', failed: 'has failed', cancelled: 'was cancelled' }

export function notWaiting(outcome: keyof typeof ENDED | null): ApiError {
  return new ApiError(
    'EMAIL_NOT_WAITING',
    outcome === null
      ? 'The email is being sent at this moment.'
      : `The email does not wait any more: it ${ENDED[outcome]}.`,
    outcome === null ? {} : { suggestion: 'Send it again to have its content sent as a new email.' },
  )
}

export const noAttachment = () => new ApiError('ATTACHMENT_NOT_FOUND', 'There is no attachment at this place.')
