/** Where in an HTML document a value is put, which decides how it is escaped. */
export type HtmlContext =
  | 'text'
  /** In an attribute, in quotes. */
  | 'attribute'
  /** In an attribute without quotes, or in the place of one: a space would end it. */
  | 'bare'
  /** The beginning of an address, which says of what kind it is. */
  | 'url'
  /** Behind the beginning of an address, before its query. */
  | 'url-path'
  /** In the query or fragment of an address. */
  | 'url-query'
  | 'css'

const URL_ATTRIBUTES = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'background',
  'cite',
  'data',
  'poster',
  'longdesc',
  'xlink:href',
])
/** Elements whose text is not HTML. */
const RAW_ELEMENTS = new Set(['style', 'script', 'title', 'textarea'])

/**
 * Tells of each of the given places, in ascending order, in what context it stands. Reads the document from front to
 * back and takes no notice of branches: both sides of a condition are read as if they followed each other. What
 * Outlook reads in conditional comments is read as HTML.
 */
export function htmlContexts(html: string, places: readonly number[], gaps: readonly Gap[] = []): HtmlContext[] {
  const reader = createReader()
  const contexts: HtmlContext[] = []
  let at = 0
  let gap = 0
  for (const place of places) {
    while (at < place) {
      const next = gaps[gap]
      const end = Math.min(place, next?.begin ?? place)
      for (; at < end; at += 1) reader.read(html, at)
      if (next !== undefined && at === next.begin && at < place) {
        reader.readValue()
        at = Math.max(at, Math.min(next.end, place))
        gap += 1
      }
    }
    contexts.push(reader.context())
  }
  return contexts
}

/** A piece of the source that is no HTML, such as a tag of the template language. */
export interface Gap {
  begin: number
  end: number
}

type State = 'text' | 'tag-name' | 'in-tag' | 'attribute-name' | 'before-value' | 'value' | 'comment' | 'raw'

interface Reader {
  read(html: string, at: number): void
  /** A value of the template stands here. */
  readValue(): void
  context(): HtmlContext
}

const isSpace = (char: string) => char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f'

function createReader(): Reader {
  let state: State = 'text'
  let tag = ''
  let isEnd = false
  let attribute = ''
  let quote = ''
  /** What of the attribute's value has been read. */
  let value = ''

  const endTag = () => {
    state = !isEnd && RAW_ELEMENTS.has(tag) ? 'raw' : 'text'
  }

  const readText = (html: string, at: number) => {
    if (html[at] !== '<') return
    if (html.startsWith('<!--', at) && !html.startsWith('<!--[if', at) && !html.startsWith('<!--<!', at)) {
      state = 'comment'
      return
    }
    const next = html[at + 1] ?? ''
    isEnd = next === '/'
    if (!isEnd && !/[a-z]/i.test(next)) return
    state = 'tag-name'
    tag = ''
  }

  const readTagName = (char: string) => {
    if (char === '>') endTag()
    else if (isSpace(char)) state = 'in-tag'
    else if (char !== '/') tag += char.toLowerCase()
  }

  const readInTag = (char: string) => {
    if (char === '>') endTag()
    else if (!isSpace(char) && char !== '/') {
      state = 'attribute-name'
      attribute = char.toLowerCase()
    }
  }

  const readAttributeName = (char: string) => {
    if (char === '>') endTag()
    else if (char === '=') state = 'before-value'
    else if (isSpace(char)) state = 'in-tag'
    else attribute += char.toLowerCase()
  }

  const readBeforeValue = (char: string) => {
    if (char === '>') endTag()
    else if (!isSpace(char)) {
      state = 'value'
      quote = char === '"' || char === "'" ? char : ''
      value = quote === '' ? char : ''
    }
  }

  const readInValue = (char: string) => {
    if (quote === '' ? isSpace(char) : char === quote) state = 'in-tag'
    else if (quote === '' && char === '>') endTag()
    else value += char
  }

  const readRaw = (html: string, at: number) => {
    if (html[at] !== '<' || html.slice(at, at + tag.length + 2).toLowerCase() !== `</${tag}`) return
    state = 'tag-name'
    isEnd = true
    tag = ''
  }

  return {
    read(html, at) {
      const char = html[at] ?? ''
      if (state === 'text') readText(html, at)
      else if (state === 'tag-name') readTagName(char)
      else if (state === 'in-tag') readInTag(char)
      else if (state === 'attribute-name') readAttributeName(char)
      else if (state === 'before-value') readBeforeValue(char)
      else if (state === 'value') readInValue(char)
      else if (state === 'raw') readRaw(html, at)
      else if (html.startsWith('-->', at - 2)) state = 'text'
    },
    readValue() {
      if (state === 'before-value') {
        state = 'value'
        quote = ''
        value = ''
      }
      if (state === 'value') value += 'x'
    },
    context() {
      if (state === 'raw') return tag === 'style' || tag === 'script' ? 'css' : 'text'
      if (state === 'before-value') return URL_ATTRIBUTES.has(attribute) ? 'url' : 'bare'
      if (state === 'tag-name' || state === 'in-tag' || state === 'attribute-name') return 'bare'
      if (state !== 'value') return 'text'
      if (attribute === 'style') return 'css'
      if (!URL_ATTRIBUTES.has(attribute)) return quote === '' ? 'bare' : 'attribute'
      if (value.trim() === '') return 'url'
      return /[?#]/.test(value) ? 'url-query' : 'url-path'
    },
  }
}
