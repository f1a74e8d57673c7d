const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const SOON_SECONDS = 45

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const precise = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })

/** "5 minutes ago", "in 2 hours", "just now". */
export function relativeTime(at: string, nowMs: number): string {
  const seconds = (new Date(at).getTime() - nowMs) / 1000
  if (Math.abs(seconds) < SOON_SECONDS) return seconds > 5 ? 'in a moment' : 'just now'
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['minute', 60]
  return relative.format(Math.round(seconds / size), unit)
}

/** The moment in the viewer's own zone and format, to the second. */
export const exactTime = (at: string): string => precise.format(new Date(at))

/** "850 ms", "1.2 s", "3 min". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.round(ms / 60_000)} min`
}

/** "640 B", "12 kB", "1.4 MB". */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`
  if (count < 1_000_000) return `${Math.round(count / 1_000)} kB`
  return `${(count / 1_000_000).toFixed(1)} MB`
}
