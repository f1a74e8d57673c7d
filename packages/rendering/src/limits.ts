import { LIMITS } from '@posthorn/contracts/limits'

/** How much a template may ask for. */
export const RENDER_LIMITS = {
  /** A part of a template as its author writes it. */
  sourceChars: LIMITS.templateBodyLength,
  /** Placeholders and tags of one part. */
  tags: LIMITS.templateTags,
  /** Of one of them. */
  tagChars: LIMITS.templateTagLength,
  /** Tags, or elements of MJML, inside each other. */
  depth: LIMITS.templateDepth,
  /** Of all parts of one message together. */
  renderMs: LIMITS.renderMs,
  /** What liquidjs counts for lists and texts that filters and loops make. */
  memoryUnits: 2_000_000,
  /** Of one value: its text, and ten for each item of a list. */
  valueUnits: 500_000,
  /** What names a field to a filter, or says how a date is written. */
  argumentChars: 200,
  outputChars: 5_000_000,
  /** Elements of one MJML document. */
  mjmlElements: LIMITS.mjmlElements,
  /** For the HTML to be made of one MJML document. */
  mjmlMs: LIMITS.mjmlMs,
  mjmlMemoryMb: 256,
  /** Documents of one project that may wait for their turn. */
  mjmlWaiting: 20,
  mjmlWaitingInAll: 100,
} as const
