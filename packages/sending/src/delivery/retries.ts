const MINUTE = 60
const HOUR = 60 * MINUTE

// Servers that greylist want some five minutes; later tries are half an hour apart and more (RFC 5321, section 4.5.4.1).
const WAITS = [5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR]

/** Seconds to wait after a mail was put off for the nth time, so spread that a crowd does not come back as one. */
export function waitAfter(deferrals: number): number {
  const wait = WAITS[Math.min(deferrals, WAITS.length) - 1] ?? 5 * MINUTE
  return wait * (1 + Math.random() * 0.2)
}
