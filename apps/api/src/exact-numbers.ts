import { LIMITS } from '@posthorn/contracts'
import { fieldRefusal } from '@posthorn/services'

/** Shorter whole numbers are all kept. */
const DIGITS = 16

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
  for (let at = DIGITS - 1; at < bytes.length; at += DIGITS) {
    if (!isDigit(bytes[at])) continue
    let [first, last] = [at, at]
    while (isDigit(bytes[first - 1])) first -= 1
    while (isDigit(bytes[last + 1])) last += 1
    if (last - first + 1 >= DIGITS) return true
  }
  return false
}

/** Stands for the number in what was read, to be found again. */
const ROUNDED = Symbol('rounded')

/** Where the number stands. What is no JSON, or nested deeper than may be, is refused by others. */
function placeOfRounded(text: string): string[] | undefined {
  let isFound = false
  const mark = (_key: string, value: unknown, { source }: { source?: string }): unknown => {
    if (typeof value !== 'number' || source === undefined || !isRounded(source, value)) return value
    isFound = true
    return ROUNDED
  }
  try {
    const value: unknown = JSON.parse(text, mark as (this: unknown, key: string, value: unknown) => unknown)
    return isFound ? placeIn(value, []) : undefined
  } catch {
    return undefined
  }
}

function placeIn(value: unknown, place: readonly string[]): string[] | undefined {
  if (value === ROUNDED) return [...place]
  if (typeof value !== 'object' || value === null || place.length > LIMITS.jsonDepth) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = placeIn(inner, [...place, key])
    if (found !== undefined) return found
  }
  return undefined
}

/** What stands behind the point is never exact; what stands before it has to be, or be written as it is read. */
function isRounded(source: string, value: number): boolean {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER || !Number.isFinite(value)) return false
  const whole = /^-?\d+(?=$|\.\d+$)/.exec(source)?.[0]
  return whole !== undefined && source !== String(value) && BigInt(whole) !== BigInt(value)
}
