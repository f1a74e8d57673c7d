import { readRounded, ROUNDED_DIGITS } from '@posthorn/services'

/**
 * JSON with NaN for each whole number that would come out as another one, which no operation takes; undefined where there
 * is none. Only a body that has so many digits in a row is looked at more closely, so for all others it costs a look at
 * each sixteenth of their bytes.
 */
export const readInexact = (bytes: Buffer): { value: unknown } | undefined =>
  hasLongRun(bytes) ? readRounded(bytes.toString()) : undefined

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 57

function hasLongRun(bytes: Buffer): boolean {
  for (let at = ROUNDED_DIGITS - 1; at < bytes.length; at += ROUNDED_DIGITS) {
    if (!isDigit(bytes[at])) continue
    let [first, last] = [at, at]
    while (isDigit(bytes[first - 1])) first -= 1
    while (isDigit(bytes[last + 1])) last += 1
    if (last - first + 1 >= ROUNDED_DIGITS) return true
  }
  return false
}
