import { fieldRefusal, placeOfRounded, ROUNDED_DIGITS } from '@posthorn/services'

/**
 * Refuses JSON with a whole number in it that would come out as another one. Only a body that has so many digits in a row
 * is looked at more closely, so for all others it costs a look at each sixteenth of their bytes.
 */
export function requireExactNumbers(bytes: Buffer): void {
  if (!hasLongRun(bytes)) return
  const place = placeOfRounded(bytes.toString())
  if (place === undefined) return
  throw fieldRefusal(place.join('.'), 'This number has more digits than a JSON number keeps: send it as a text.')
}

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
