import { Tokenizer } from 'htmlparser2'
import { RENDER_LIMITS } from './limits.ts'
import { marksIn } from './rewrite.ts'

/** Elements whose content MJML puts into the mail as it is; what stands in all others are elements. */
export const CONTENT_ELEMENTS = new Set([
  'mj-accordion-text',
  'mj-accordion-title',
  'mj-breakpoint',
  'mj-button',
  'mj-carousel-image',
  'mj-navbar-link',
  'mj-preview',
  'mj-raw',
  'mj-social-element',
  'mj-style',
  'mj-table',
  'mj-text',
  'mj-title',
])

/** Elements in which MJML keeps an `mj-raw` between the others where it stands. */
const KEEP_RAW = new Set([
  'mj-body',
  'mj-wrapper',
  'mj-section',
  'mj-group',
  'mj-column',
  'mj-hero',
  'mj-social',
  'mj-navbar',
  'mj-accordion',
])

/** Of several, MJML reads one. */
const SINGLE = new Set(['mjml', 'mj-head', 'mj-body'])

export interface Structure {
  /** The document with its marks between elements in `mj-raw`, as MJML drops text that stands there. */
  text: string
  /** The marks that stand between elements. */
  between: ReadonlySet<number>
  /** Marks that nobody misses: in comments, and in attributes of the head, which count where they are used. */
  spare: ReadonlySet<number>
}

interface Element {
  name: string
  at: number
}

/** Reads what stands where in a document with marks for its Liquid, and refuses what MJML would leave out without a word. */
export function readStructure(marked: string, refuse: (message: string, at: number) => never): Structure {
  const open: Element[] = []
  const seen = new Set<string>()
  const between = new Set<number>()
  const spare = new Set<number>()
  let element: Element = { name: '', at: 0 }
  let elements = 0
  let text = ''
  let done = 0

  const current = () => open.at(-1)
  const inContent = () => CONTENT_ELEMENTS.has(current()?.name ?? '')
  const unclosed = ({ name, at }: Element) => refuse(`The element <${name}> is never closed.`, at)
  const count = (at: number) => {
    elements += 1
    if (elements <= RENDER_LIMITS.mjmlElements) return
    refuse(`It has more than ${RENDER_LIMITS.mjmlElements} elements of MJML and tags between them.`, at)
  }

  const opened = (isClosed: boolean) => {
    const around = current()
    const { name, at } = element
    if (name === 'mj-include') refuse('<mj-include> is not taken: no other file is read. Write its content here.', at)
    if (inContent() && isMj(name) && around !== undefined) unclosed(around)
    if (inContent()) return
    if (around === undefined && seen.size > 0) refuse(`<${name}> cannot stand behind </mjml>.`, at)
    if (SINGLE.has(name) && seen.has(name)) refuse(`There can be only one <${name}>.`, at)
    seen.add(name)
    count(at)
    if (isClosed || !isMj(name)) return
    open.push(element)
    if (open.length > RENDER_LIMITS.depth) refuse('It is nested too deeply.', at)
  }

  const closed = (name: string, at: number) => {
    const around = current()
    if (!isMj(name)) return
    if (around?.name === name) open.pop()
    else if (around !== undefined && open.some((other) => other.name === name)) unclosed(around)
    else refuse(`The end tag </${name}> has no beginning.`, at)
  }

  const wrap = (start: number, end: number) => {
    for (const { index, begin, end: behind } of marksIn(marked.slice(start, end))) {
      const [from, to] = [start + begin, start + behind]
      const { name } = current() ?? { name: 'mjml' }
      if (!KEEP_RAW.has(name)) refuse(`Liquid cannot stand here, between the elements of <${name}>.`, from)
      count(from)
      between.add(index)
      text += `${marked.slice(done, from)}<mj-raw>${marked.slice(from, to)}</mj-raw>`
      done = to
    }
  }

  const reader = new Tokenizer(
    { decodeEntities: false, recognizeSelfClosing: true },
    {
      ...NOTHING,
      onopentagname(start, end) {
        element = { name: marked.slice(start, end).toLowerCase(), at: start - 1 }
      },
      onopentagend: () => opened(false),
      onselfclosingtag: () => opened(true),
      onclosetag: (start, end) => closed(marked.slice(start, end).toLowerCase(), start - 2),
      ontext(start, end) {
        if (!inContent()) wrap(start, end)
      },
      onattribdata(start, end) {
        if (!open.some(({ name }) => name === 'mj-head') || inContent()) return
        for (const { index } of marksIn(marked.slice(start, end))) spare.add(index)
      },
      oncomment(start, end) {
        for (const { index, isTag } of marksIn(marked.slice(start, end))) if (!isTag) spare.add(index)
      },
    },
  )
  reader.write(marked)
  reader.end()
  const last = current()
  if (last !== undefined) unclosed(last)
  return { text: text + marked.slice(done), between, spare }
}

const isMj = (name: string) => name === 'mjml' || name.startsWith('mj-')

const nothing = () => undefined

/** What is read without being looked at. */
const NOTHING = {
  onattribentity: nothing,
  onattribend: nothing,
  onattribname: nothing,
  oncdata: nothing,
  ondeclaration: nothing,
  onend: nothing,
  onprocessinginstruction: nothing,
  ontextentity: nothing,
}
