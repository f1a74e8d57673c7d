import type { Granularity } from './asked.ts'

const FORMS: Record<Granularity, Intl.DateTimeFormatOptions> = {
  hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short' },
  week: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
}

/** How points of this length are called in a time zone; a day is the same everywhere, an hour is not. */
export function labelsOf(
  granularity: Granularity,
  timeZone: string,
): (point: { start: string; date: string }) => string {
  if (granularity === 'hour') {
    const form = new Intl.DateTimeFormat(undefined, { ...FORMS.hour, timeZone })
    return ({ start }) => form.format(new Date(start))
  }
  const form = new Intl.DateTimeFormat(undefined, { ...FORMS[granularity], timeZone: 'UTC' })
  return ({ date }) => form.format(new Date(`${date}T00:00:00Z`))
}
