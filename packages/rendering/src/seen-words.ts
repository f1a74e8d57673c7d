const SKIPPED = /^<(style|script|title)\b/i

/**
 * The words of an HTML document that somebody can see, roughly: what stands in comments, styles and tags is left out. Far
 * cheaper than reading it as a document, and all that is needed to look for something in it.
 */
export function seenWords(html: string): string {
  const words: string[] = []
  // Not in lower case, in which some letters become two.
  const after = (what: RegExp, from: number) => {
    what.lastIndex = from
    return what.test(html) ? what.lastIndex : html.length
  }
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    words.push(html.slice(at, open === -1 ? html.length : open))
    if (open === -1) break
    const [, skipped] = SKIPPED.exec(html.slice(open, open + 10)) ?? []
    if (html.startsWith('<!--', open)) at = after(/-->/g, open + 4)
    else at = after(/>/g, skipped === undefined ? open : after(new RegExp(`</${skipped}`, 'gi'), open))
  }
  return words.join(' ').replaceAll(ENTITY, (entity) => ENTITIES[entity.toLowerCase()] ?? entity)
}

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
}
const ENTITY = /&(?:amp|lt|gt|quot|#39|apos|nbsp);/gi
