/** Whole numbers with fewer digits are all kept. */
export const ROUNDED_DIGITS = 16

const LONG_RUN = new RegExp(`\\d{${ROUNDED_DIGITS}}`)

/**
 * What JSON says, with NaN for each whole number that would come out as another one. Undefined where there is none, and
 * where it is no JSON.
 */
export function readRounded(text: string): { value: unknown } | undefined {
  if (!LONG_RUN.test(text)) return undefined
  let isFound = false
  const mark = (_key: string, value: unknown, { source }: { source?: string }): unknown => {
    if (typeof value !== 'number' || source === undefined || !isRounded(source, value)) return value
    isFound = true
    return NaN
  }
  try {
    const value: unknown = JSON.parse(text, mark as (this: unknown, key: string, value: unknown) => unknown)
    return isFound ? { value } : undefined
  } catch {
    return undefined
  }
}

/** What stands behind the point is never exact; what stands before it has to be, or be written as it is read. */
function isRounded(source: string, value: number): boolean {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER || !Number.isFinite(value)) return false
  const whole = /^-?\d+(?=$|\.\d+$)/.exec(source)?.[0]
  return whole !== undefined && source !== String(value) && BigInt(whole) !== BigInt(value)
}
