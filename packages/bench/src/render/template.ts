const names = Array.from({ length: 20 }, (_, index) => `value${index}`)

/** Three kilobytes of HTML with 21 placeholders, in the words that every one of the engines reads. */
export const template = `<!doctype html><html><body><h1>Hello {{ name }}</h1><table>${names
  .map(
    (name) =>
      `<tr><td style="padding:4px 8px">What you ordered, and what became of it since then</td><td>{{ ${name} }}</td></tr>\n`,
  )
  .join('')}</table></body></html>`

/** What it is filled with, for one of many recipients; nothing in it has to be escaped. */
export function valuesFor(recipient: number): Record<string, string> {
  const values = names.map((name, index) => [name, `${name} of reader ${recipient + index}`])
  return { name: `reader ${recipient}`, ...Object.fromEntries(values) }
}
