/** The time zone of whoever looks; an abbreviation such as CET, which some systems name, is none that is asked for. */
export function ownZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return timeZone.includes('/') ? timeZone : 'UTC'
}
