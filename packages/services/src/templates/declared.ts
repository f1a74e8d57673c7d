import type { StoredVariable } from '@posthorn/db/tables/templates'
import type { Data } from '../contacts/merge.ts'

const FITS: Record<StoredVariable['type'], (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  list: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

const ARTICLE: Record<StoredVariable['type'], string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date as ISO 8601',
  list: 'a list',
  object: 'an object',
}

export interface Misfit {
  name: string
  message: string
  isMissing: boolean
}

/** What is wrong with the values that a template is given: those it needs and lacks, and those of another kind. */
export function misfits(variables: readonly StoredVariable[], given: Data): Misfit[] {
  return variables.flatMap(({ name, type, fallback }): Misfit[] => {
    const value = given[name]
    if (value === undefined || value === null || value === '') {
      const message = `The template needs ${ARTICLE[type]} here.`
      return fallback === undefined ? [{ name, message, isMissing: true }] : []
    }
    return FITS[type](value) ? [] : [{ name, message: `The template wants ${ARTICLE[type]} here.`, isMissing: false }]
  })
}
