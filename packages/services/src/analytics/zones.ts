import { fieldRefusal } from '../errors.ts'

const INVALID_PARAMETER_VALUE = '22023'

/** The names that PostgreSQL knows are not quite those that JavaScript knows. */
export async function refusingUnknownZone<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === INVALID_PARAMETER_VALUE)) throw error
    throw fieldRefusal('timeZone', 'The database does not know this time zone.')
  }
}
