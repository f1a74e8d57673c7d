import type { RecipientLinks } from '@posthorn/rendering'

/**
 * Gives mail programs the link behind their own unsubscribe button (RFC 2369, RFC 8058). A caller who sets
 * List-Unsubscribe has a way out of their own, which is left as it is.
 */
export function withWayOut(
  headers: Record<string, string>,
  { unsubscribeUrl }: Pick<RecipientLinks, 'unsubscribeUrl'>,
): Record<string, string> {
  const isSet = Object.keys(headers).some((name) => /^list-unsubscribe(?:-post)?$/i.test(name))
  if (isSet) return headers
  return {
    ...headers,
    'List-Unsubscribe': `<${unsubscribeUrl}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}
