import { fitsType, TYPE_WORDS } from '@posthorn/contracts'
import type { StoredVariable } from '@posthorn/db/tables/templates'
import type { Data } from '../contacts/merge.ts'

export interface Misfit {
  name: string
  message: string
  isMissing: boolean
}

/** What is wrong with the values that a template is given: those it needs and lacks, and those of another kind. */
export function misfits(variables: readonly StoredVariable[], given: Data): Misfit[] {
  return variables.flatMap(({ name, type, fallback }): Misfit[] => {
    // What JavaScript's objects bring along was given by nobody.
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined || value === null || value === '') {
      const message = `The template needs ${TYPE_WORDS[type]} here.`
      return fallback === undefined ? [{ name, message, isMissing: true }] : []
    }
    return fitsType(type, value)
      ? []
      : [{ name, message: `The template wants ${TYPE_WORDS[type]} here.`, isMissing: false }]
  })
}
