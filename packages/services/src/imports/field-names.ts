import { operations } from '@posthorn/contracts'
import { ApiError } from '../errors.ts'
import { parseInput } from '../validation.ts'

/** Why a field may not be called so, by the rules of an upsert; undefined where it may. */
export function faultOfName(field: string): string | undefined {
  try {
    parseInput(operations.contacts.upsert, { email: 'somebody@example.com', data: { [field]: '' } })
    return undefined
  } catch (error) {
    const fault = error instanceof ApiError ? error.errors?.[0] : undefined
    if (fault === undefined) throw error
    return fault.message
  }
}
