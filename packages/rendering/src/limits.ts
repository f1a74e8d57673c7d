/** How much a template may ask for. */
export const RENDER_LIMITS = {
  /** A part of a template as its author writes it. */
  sourceChars: 1_000_000,
  /** Of one part of one message. */
  renderMs: 250,
  /** What liquidjs counts for lists and texts that filters and loops make. */
  memoryUnits: 20_000_000,
  outputChars: 5_000_000,
} as const
