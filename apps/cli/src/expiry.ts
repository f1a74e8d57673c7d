const UNIT_MS = { h: 3_600_000, d: 86_400_000 }
const SPAN = /^(\d{1,5})([hd])$/

/** `90d` and `12h` count from now; anything else is for the contract to judge. */
export function expiryOf(text: string | undefined): string | undefined {
  const [, count, unit] = SPAN.exec(text ?? '') ?? []
  if (count === undefined) return text
  // Safe because the pattern matches no other unit.
  return new Date(Date.now() + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]).toISOString()
}
