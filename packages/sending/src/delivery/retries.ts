const MINUTE = 60
const HOUR = 60 * MINUTE

// Servers that greylist want some five minutes; later tries are half an hour apart and more (RFC 5321, section 4.5.4.1).
const WAITS = [5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR]

/** Seconds to wait after a mail was put off for the nth time, so spread that a crowd does not come back as one. */
export function waitAfter(deferrals: number): number {
  const wait = WAITS[Math.min(deferrals, WAITS.length) - 1] ?? 5 * MINUTE
  return wait * (1 + Math.random() * 0.2)
}

const LONGEST_AFTER_TROUBLE = MINUTE

/**
 * Seconds to wait after the nth attempt of a mail came to nothing for the connection's sake. They grow, since a server
 * may well close the connection because of this one mail, which would then stop all the others again and again.
 */
export function waitAfterTrouble(attempt: number): number {
  return Math.min(LONGEST_AFTER_TROUBLE, 2 ** (attempt - 1)) * (1 + Math.random() * 0.2)
}
