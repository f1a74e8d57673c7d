import { htmlTree, type HtmlElement, type HtmlNode } from './html-tree.ts'
import { RENDER_LIMITS } from './limits.ts'
import { listMarks } from './list-marks.ts'
import { newBlock, writeBlock, writeGap, writeLineEnd, writeWords, type TextBlock } from './text-block.ts'

/** What is nested deeper is left out. */
const DEEPEST = 200

/** Quotes and lists are set off so often and no more: every level makes every line longer. */
const DEEPEST_MARK = 10

/** No line is set off by more blanks than that. */
const MOST_INDENT = 60

const RULE = '-'.repeat(40)

/** What a reader can follow from a text. Addresses of other kinds are left out, above all those that run. */
const FOLLOWED = /^(?:https?|mailto|tel):/i
// oxlint-disable-next-line no-control-regex -- control characters are what readers skip
const BLANKS = /[\u0000-\u0020]/g

function isShown(href: string): boolean {
  const way = href.replace(BLANKS, '')
  return !/^[a-z][a-z\d+.-]*:/i.test(way) || FOLLOWED.test(way)
}

interface Breaks {
  before: number
  after: number
}

const named = (names: string, breaks: Breaks) => names.split(' ').map((name): [string, Breaks] => [name, breaks])

/** Line ends that are kept before and after an element. */
const BREAKS = new Map([
  ...named('article aside div footer form header main nav section table tr', { before: 1, after: 1 }),
  ...named('h1 h2 h3', { before: 3, after: 2 }),
  ...named('h4 h5 h6 p pre blockquote hr', { before: 2, after: 2 }),
])

const LIST = { name: 'ul', attributes: {} }

interface Writer {
  block: TextBlock
  /** The words of each link that is open. */
  links: { words: string }[]
  marks: number
  indent: number
  limits: TextLimits
}

/** How much a text may ask for that is made of HTML. */
export interface TextLimits {
  /** Throws once it has taken too long. */
  requireTime: () => void
  chars: number
}

const NO_LIMITS: TextLimits = { requireTime: () => undefined, chars: Infinity }

/**
 * The words of an HTML document, with the addresses of its links: what is sent to those who read no HTML. Throws
 * RangeError beyond the limits.
 */
export function textOfHtml(html: string, limits = NO_LIMITS): string {
  const nodes = htmlTree(html.slice(0, RENDER_LIMITS.outputChars), limits.requireTime)
  const bodies = bodiesAmong(nodes, 0)
  const writer: Writer = { block: newBlock(1, false), links: [], marks: 0, indent: 0, limits }
  writeNodes(writer, bodies.length === 0 ? nodes : bodies, { parent: '', depth: 0 })
  requireModest(writer, writer.block.text)
  return tidied(writer.block.text)
}

/** Each element around it reads the text again. */
function requireModest({ limits: { requireTime, chars } }: Writer, text: string): void {
  requireTime()
  if (text.length > chars) throw new RangeError(`Its text has more than ${chars} characters.`)
}

/** Without the blanks that placeholders and conditions leave behind. */
export function tidied(text: string): string {
  // The look back keeps a long run of blanks from being read once for each of its blanks.
  return text
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function bodiesAmong(nodes: readonly HtmlNode[], depth: number): HtmlElement[] {
  if (depth > DEEPEST) return []
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return []
    return node.name === 'body' ? [node] : bodiesAmong(node.children, depth + 1)
  })
}

interface Place {
  parent: string
  depth: number
}

function writeNodes(writer: Writer, nodes: readonly HtmlNode[], { parent, depth }: Place): void {
  if (depth > DEEPEST) return write(writer, '...')
  for (const node of nodes) {
    writer.limits.requireTime()
    if (typeof node === 'string') write(writer, node)
    else if (!isHidden(node)) writeElement(writer, node, { parent, depth: depth + 1 })
  }
}

const NOT_DISPLAYED = /(?:^|;)\s*display\s*:\s*none\s*(?:!\s*important\s*)?(?:;|$)/i

/** Such as the words that a mail shows in a list of mails and nowhere else. */
const isHidden = ({ attributes }: HtmlElement): boolean =>
  attributes['aria-hidden'] === 'true' || NOT_DISPLAYED.test(attributes['style'] ?? '')

function write(writer: Writer, text: string): void {
  const words = writeWords(writer.block, text)
  if (writer.links.length === 0 || words === '') return
  const joined = words.replaceAll(' ', '')
  for (const link of writer.links) link.words += joined
}

/** Writes an element; `parent` is the name of the one around it. */
function writeElement(writer: Writer, element: HtmlElement, { parent, depth }: Place): void {
  const { name, attributes, children } = element
  const content = () => writeNodes(writer, children, { parent: name, depth })
  switch (name) {
    case 'img':
      // A picture that is a link is all that its readers have of it.
      return writer.links.length > 0 ? write(writer, attributes['alt'] ?? '') : undefined
    case 'br':
      return writeLineEnd(writer.block)
    case 'a':
      return writeLink(writer, element, content)
    case 'td':
    case 'th':
      content()
      return writeGap(writer.block)
    case 'ol':
    case 'ul':
      return writeList(writer, element, { name, isNested: parent === 'li', depth })
    case 'li':
      // Without a list around it, such as those of a value that is a list, it begins a line with a mark all the same.
      if (parent === 'ul' || parent === 'ol') return content()
      return writeList(writer, { ...LIST, children: [element] }, { name: 'ul', isNested: true, depth })
    case 'blockquote':
      return inBlock(writer, { name, content: () => marked(writer, content), finish: quoted })
    case 'hr':
      return inBlock(writer, { name, content: () => write(writer, RULE) })
    default:
      return BREAKS.has(name) ? inBlock(writer, { name, content }) : content()
  }
}

interface BlockParts {
  name: string
  content: () => void
  /** What is made of the text once it is complete. */
  finish?: (text: string, writer: Writer) => string
}

function inBlock(writer: Writer, { name, content, finish }: BlockParts): void {
  const breaks = BREAKS.get(name) ?? { before: 1, after: 1 }
  const around = writer.block
  const block = newBlock(breaks.before, around.isPreformatted || name === 'pre')
  writer.block = block
  content()
  writer.block = around
  requireModest(writer, block.text)
  const text = finish === undefined ? block.text : finish(block.text, writer)
  writeBlock(around, text, { before: block.breaksBefore, after: Math.max(block.owedBreaks, breaks.after) })
}

function marked(writer: Writer, content: () => void): void {
  writer.marks += 1
  content()
  writer.marks -= 1
}

function quoted(text: string, { marks }: Writer): string {
  return marks < DEEPEST_MARK ? `> ${text.replace(/^\n+|(?<!\n)\n+$/g, '').replaceAll('\n', '\n> ')}` : text
}

/** The words of a link and its address, which is left out where the words are the same. */
function writeLink(writer: Writer, { attributes }: HtmlElement, content: () => void): void {
  const href = (attributes['href'] ?? '').replace(/^mailto:/, '')
  if (href === '' || href.startsWith('#') || !isShown(href)) return content()
  const link = { words: '' }
  writer.links.push(link)
  content()
  writer.links.pop()
  if (link.words !== href) writeWords(writer.block, link.words === '' ? href : ` <${href}>`)
}

function writeList(
  writer: Writer,
  { attributes, children }: HtmlElement,
  { name, isNested, depth }: { name: 'ol' | 'ul'; isNested: boolean; depth: number },
): void {
  const nextMark = listMarks(name, attributes)
  const items = children
    .filter((child) => typeof child !== 'string' || /\S/.test(child))
    .map((child) => {
      const isItem = typeof child !== 'string' && child.name === 'li'
      return { child, mark: isItem ? (isNested ? nextMark().trimStart() : nextMark()) : '' }
    })
  if (items.length === 0) return
  const widest = items.reduce((most, { mark }) => Math.max(most, mark.length), 0)
  const width = writer.marks < DEEPEST_MARK && writer.indent + widest <= MOST_INDENT ? widest : 0
  const indent = `\n${' '.repeat(width)}`
  const around = writer.block
  const list = newBlock(isNested ? 1 : 2, around.isPreformatted)
  writer.indent += width
  marked(writer, () => {
    for (const { child, mark } of items) {
      const item = newBlock(1, list.isPreformatted)
      writer.block = item
      writeNodes(writer, [child], { parent: name, depth })
      requireModest(writer, item.text)
      const text = mark.padEnd(width) + (width === 0 ? item.text : item.text.replace(/\n(?!\n)/g, indent))
      writeBlock(list, text, { before: item.breaksBefore, after: Math.max(item.owedBreaks, 1) })
    }
  })
  writer.indent -= width
  writer.block = around
  if (list.text !== '') writeBlock(around, list.text, { before: list.breaksBefore, after: isNested ? 1 : 2 })
}
