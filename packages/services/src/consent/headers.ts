import type { RecipientLinks } from '@posthorn/rendering'

/** So that no absence notice and no other machine answers what goes to many (RFC 3834; the last is Microsoft's own). */
const FOR_MACHINES = {
  Precedence: 'bulk',
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
}

/**
 * The headers of marketing mail. Mail programs get the link behind their own unsubscribe button (RFC 2369, RFC 8058). What
 * a caller sets stays as it is; one who sets List-Unsubscribe has a way out of their own, with all that belongs to it.
 */
export function marketingHeaders(
  given: Record<string, string>,
  { unsubscribeUrl }: Pick<RecipientLinks, 'unsubscribeUrl'>,
): Record<string, string> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()))
  const forMachines = Object.entries(FOR_MACHINES).filter(([name]) => !names.has(name.toLowerCase()))
  const hasWayOut = names.has('list-unsubscribe') || names.has('list-unsubscribe-post')
  return {
    ...given,
    ...Object.fromEntries(forMachines),
    ...(!hasWayOut && {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    }),
  }
}
