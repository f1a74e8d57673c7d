import { readHtml } from './read-html.ts'

/** Where the links lead that a reader of HTML can follow: none of those in comments, scripts and the like. */
export function seenLinks(html: string): Set<string> {
  const links = new Set<string>()
  readHtml(html, {
    onopentag(name, { href }) {
      if ((name === 'a' || name === 'area') && href !== undefined) links.add(href)
    },
  })
  return links
}
