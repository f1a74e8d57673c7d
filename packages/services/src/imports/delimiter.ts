/** What can stand between two cells, by the names that the API has for it. */
export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const

export type Delimiter = keyof typeof DELIMITERS

const LOOKED_AT = 20

/** Without the line by which Excel is told what stands between the cells, and which it does not show; and what that says. */
export function withoutSep(text: string): { text: string; said: Delimiter | undefined } {
  const line = /^(?:sep=(.)|"sep=(.)")[,;|\t]*(?:\r\n|\r|\n)/i.exec(text)
  if (line === null) return { text, said: undefined }
  const names = Object.keys(DELIMITERS) as Delimiter[] // Safe because these are its keys.
  return { text: text.slice(line[0].length), said: names.find((name) => DELIMITERS[name] === (line[1] ?? line[2])) }
}

/** What stands between the cells: the sign of which most lines have as many as the first, and the more of it the likelier. */
export function delimiterOf(text: string): Delimiter {
  const lines = firstLines(text)
  const score = (delimiter: Delimiter) => {
    const counts = lines.map((line) => line.split(DELIMITERS[delimiter]).length - 1)
    const [first = 0] = counts
    return first === 0 ? 0 : counts.filter((count) => count === first).length * 1000 + first
  }
  const names = Object.keys(DELIMITERS) as Delimiter[] // Safe because these are its keys.
  return names.reduce((best, name) => (score(name) > score(best) ? name : best))
}

/** The first lines, without what is between quotes. */
function firstLines(text: string): string[] {
  const bare = text.replaceAll(/"(?:[^"]|"")*(?:"|$)/g, '')
  return bare
    .split(/\r\n|\n|\r/)
    .slice(0, LOOKED_AT)
    .filter((line) => line.trim() !== '')
}
