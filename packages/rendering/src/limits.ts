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
  memoryUnits: 20_000_000,
  outputChars: 5_000_000,
  /** Elements of one MJML document. */
  mjmlElements: LIMITS.mjmlElements,
  /** For the HTML to be made of one MJML document. */
  mjmlMs: LIMITS.mjmlMs,
  mjmlMemoryMb: 256,
  /** Documents that may wait for their turn. */
  mjmlWaiting: 20,
} as const
