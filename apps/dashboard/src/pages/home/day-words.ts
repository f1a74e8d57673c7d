// A date without a time is the same day everywhere, so no zone may move it.
const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** `2026-01-31` as the viewer writes it. */
export const dayOf = (date: string): string => short.format(new Date(`${date}T00:00:00Z`))
