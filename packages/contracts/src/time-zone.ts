import { z } from 'zod'

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const EXPECTED = { error: 'Expected the name of a time zone, such as Europe/Berlin.' }

/** The name of a time zone. An offset such as +05:30 means opposite things to the two that would read it. */
export const TimeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z]/, EXPECTED)
  .refine(isTimeZone, EXPECTED)
