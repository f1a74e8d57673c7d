/** What is wrong with a template, and where: lines and columns count from 1. */
export class TemplateError extends Error {
  readonly line: number
  readonly column: number
  constructor(message: string, place: { line: number; column: number }, options?: ErrorOptions) {
    super(message, options)
    this.line = place.line
    this.column = place.column
  }
}

/** The line and column of a place in a text. */
export function placeIn(source: string, at: number): { line: number; column: number } {
  const lines = source.slice(0, at).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
