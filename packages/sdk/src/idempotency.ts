/** A fresh key. Node 18 and pages without https have no `crypto.randomUUID`. */
export function newIdempotencyKey(): string {
  const { crypto } = globalThis as { crypto?: { randomUUID?: () => string } }
  if (crypto?.randomUUID !== undefined) return crypto.randomUUID()
  const part = () => Math.floor(Math.random() * 2 ** 32).toString(36)
  return [Date.now().toString(36), part(), part(), part(), part()].join('-')
}

export function requireIdempotencyKey(key: string): string {
  if (/^[\x20-\x7e]{1,256}$/.test(key)) return key
  throw new TypeError('The idempotencyKey takes 1 to 256 printable ASCII characters.')
}
