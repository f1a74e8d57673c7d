import { isDate } from './iso-dates.ts'

/** The kinds of values that a variable can be declared to have. */
export const VARIABLE_TYPES = ['string', 'number', 'boolean', 'date', 'list', 'object'] as const
export type VariableType = (typeof VARIABLE_TYPES)[number]

const FITS: Record<VariableType, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && isDate(value),
  list: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

/** Whether a value is of the kind that a variable was declared to have. */
export const fitsType = (type: VariableType, value: unknown): boolean => FITS[type](value)
