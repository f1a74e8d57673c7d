import { ApiError } from '../errors.ts'

export const projectNeeded = () =>
  new ApiError('PROJECT_NEEDED', 'Say which project this is about, in the header X-Project-Id.')

export const roleTooLow = (permission: string) =>
  new ApiError('ROLE_TOO_LOW', `Your role in this project does not hold ${permission}.`, {
    suggestion: 'Ask an owner or admin of the project.',
  })

/** The same for a project that is not there and one that somebody is no member of. */
export const projectNotFound = () => new ApiError('PROJECT_NOT_FOUND', 'There is no such project.')
