import { ApiError } from '../errors.ts'

/** A file that cannot be taken apart. */
export const unreadable = (message: string, suggestion = 'Save it as CSV in UTF-8, and upload it again.') =>
  new ApiError('IMPORT_UNREADABLE', message, { suggestion })
