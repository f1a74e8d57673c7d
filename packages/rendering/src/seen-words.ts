const SKIPPED = /^<(style|script|title)\b/i

/**
 * The words of an HTML document that somebody can see, roughly: what stands in comments, styles and tags is left out. Far
 * cheaper than reading it as a document, and all that is needed to look for something in it.
 */
export function seenWords(html: string): string {
  const lower = html.toLowerCase()
  const words: string[] = []
  const after = (what: string, from: number) => {
    const found = lower.indexOf(what, from)
    return found === -1 ? html.length : found + what.length
  }
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    words.push(html.slice(at, open === -1 ? html.length : open))
    if (open === -1) break
    const [, skipped] = SKIPPED.exec(html.slice(open, open + 10)) ?? []
    if (html.startsWith('<!--', open)) at = after('-->', open + 4)
    else at = after('>', skipped === undefined ? open : after(`</${skipped.toLowerCase()}`, open))
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
