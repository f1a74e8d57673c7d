/** A day, or a day and a time with or without its zone. The types of contact fields are counted by the same form. */
const FORM = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/

/** The moment, in milliseconds, that a date in ISO 8601 tells, in UTC where it names no zone; undefined where it is none. */
export function momentOfDate(text: string): number | undefined {
  if (!FORM.test(text)) return undefined
  // JavaScript takes the last of February for one of March.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text.slice(0, 10))) return undefined
  // As it is in ISO 8601 to the letter: what is not, JavaScript reads by rules of its own, and 0001 as the year 2001.
  const exact = text.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
  const moment = new Date(/Z|[+-]\d\d:\d\d$/.test(exact) || text.length === 10 ? exact : `${exact}Z`)
  // The zone can carry a moment out of the years that four digits can write; and PostgreSQL has no year 0.
  const year = moment.getUTCFullYear()
  return year >= 1 && year <= 9999 ? moment.getTime() : undefined
}

/** Whether a text is a day that there is, or a moment of one. */
export const isDate = (text: string): boolean => momentOfDate(text) !== undefined
