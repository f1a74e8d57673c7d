import { LIMITS } from '@posthorn/contracts'

/** Whole numbers with fewer digits are all kept. */
export const ROUNDED_DIGITS = 16

const LONG_RUN = new RegExp(`\\d{${ROUNDED_DIGITS}}`)
/** Stands for the number in what was read, to be found again. */
const ROUNDED = Symbol('rounded')

/**
 * Where in JSON a whole number stands that would come out as another one. What is no JSON, or nested deeper than may be,
 * is refused by others.
 */
export function placeOfRounded(text: string): string[] | undefined {
  if (!LONG_RUN.test(text)) return undefined
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
