/** A mistake of a template, and where it stands. */
export interface Mistake {
  message: string
  line: number
}

/** What the server says at the end of each: "… (line 3, column 7)". */
const PLACE = /\s*\(line (\d+), column \d+\)$/

/** Reads where a mistake stands; undefined where that is not said. */
export function mistakeIn(message: string): Mistake | undefined {
  const line = PLACE.exec(message)?.[1]
  return line === undefined ? undefined : { message, line: Number(line) }
}
