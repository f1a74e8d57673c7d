const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** How a number compares with the one before, in words. */
export function compared(now: number, before: number): string {
  if (now === before) return 'As many as before'
  if (before === 0) return 'None before'
  const change = percent.format(Math.abs(now - before) / before)
  if (change === '0%') return now > before ? 'Slightly more than before' : 'Slightly fewer than before'
  return now > before ? `${change} more than before` : `${change} fewer than before`
}
