/** The address of an operation: `{name}` in its path is replaced, and the query is added. */
export function addressOf(path: string, values: Record<string, string>, query: object): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(name, values[name]))
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null)
      fields.set(name, value instanceof Date ? value.toISOString() : String(value))
  }
  const text = fields.toString()
  return text === '' ? filled : `${filled}?${text}`
}

/** An empty value or dots would make the address that of another operation. */
function segment(name: string, value: unknown): string {
  if (typeof value === 'string' && !/^\.{0,2}$/.test(value)) return encodeURIComponent(value)
  throw new TypeError(`The ${name} must be a string that is not empty.`)
}
