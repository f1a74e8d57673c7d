import { readHtml } from './read-html.ts'

/** What the text of an element depends on. */
const ATTRIBUTES = new Set(['href', 'start', 'type', 'aria-hidden', 'alt', 'style'])

/** Their content is no text. */
const UNSEEN = new Set(['script', 'style'])

export interface HtmlElement {
  name: string
  attributes: Record<string, string>
  children: HtmlNode[]
}

/** An element, or text. */
export type HtmlNode = HtmlElement | string

const NO_ATTRIBUTES: Record<string, string> = {}

/** What a reader of HTML gets to see, as a tree: without comments, scripts and styles. */
export function htmlTree(html: string, requireTime: () => void): HtmlNode[] {
  const root: HtmlElement = { name: '', attributes: NO_ATTRIBUTES, children: [] }
  const open: HtmlElement[] = []
  let element = root
  readHtml(html, {
    onopentagname(name) {
      requireTime()
      const child = { name, attributes: NO_ATTRIBUTES, children: [] }
      if (!UNSEEN.has(name)) element.children.push(child)
      open.push(element)
      element = child
    },
    onattribute(name, value) {
      if (!ATTRIBUTES.has(name)) return
      if (element.attributes === NO_ATTRIBUTES) element.attributes = {}
      element.attributes[name] ??= value
    },
    ontext(text) {
      const { children } = element
      const before = children.at(-1)
      if (typeof before === 'string') children[children.length - 1] = before + text
      else children.push(text)
    },
    onclosetag() {
      element = open.pop() ?? root
    },
  })
  return root.children
}
