/** Where in an HTML document a value can be put, which decides how it is escaped. */
export const HTML_CONTEXTS = [
  'text',
  /** In an attribute, in quotes. */
  'attribute',
  /** In an attribute without quotes: a space would end it. */
  'bare',
  /** In the place of an attribute, or behind one without quotes that may be empty and would have this as its value. */
  'tag',
  /** The beginning of an address, which says of what kind it is. */
  'url',
  /** Behind something that may have begun an address, or have been empty. */
  'url-next',
  /** The beginning of an address that has a colon of its author's behind it: a word alone could say of what kind it is. */
  'url-word',
  /** Behind the beginning of an address, before its query. */
  'url-path',
  /** In the query or fragment of an address. */
  'url-query',
  'css',
] as const

/** In `script` no value can be made safe: it would be read as a program, or as a document of its own. */
export type HtmlContext = (typeof HTML_CONTEXTS)[number] | 'script'

/** A piece of the source that is no HTML, such as a tag of the template language. */
export interface Gap {
  begin: number
  end: number
}

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
const SCRIPT_ATTRIBUTE = /^(?:on[a-z]+|srcdoc)$/
/** Elements whose text is not HTML. */
const RAW_ELEMENTS = new Set(['style', 'script', 'title', 'textarea'])

/**
 * Tells of each of the gaps that are values in what context it stands; the other gaps are tags. Each side of a condition
 * is read as if it followed what stands before the condition. What Outlook reads in conditional comments is read as HTML.
 */
export function htmlContexts(html: string, values: readonly number[], gaps: readonly Gap[]): HtmlContext[] {
  const isValue = new Set(values)
  const reader = createReader()
  let at = 0
  const readTo = (end: number) => {
    for (; at < end; at += 1) reader.read(html, at)
  }
  for (const { begin, end } of gaps) {
    readTo(begin)
    if (isValue.has(begin)) reader.readValue()
    else reader.readTag(/^\{%-?\s*(\w+)/.exec(html.slice(begin, begin + 100))?.[1] ?? '')
    at = end
  }
  readTo(html.length)
  return reader.contexts
}

/** How much is known of an address: nothing yet, something without its kind, or its kind and where in it we are. */
type Address = 'start' | 'open' | 'path' | 'query'

/** Where the reader is. */
interface Spot {
  state: 'text' | 'tag-name' | 'in-tag' | 'attribute-name' | 'before-value' | 'value' | 'comment' | 'raw'
  tag: string
  isEnd: boolean
  attribute: string
  quote: string
  /** Undefined where no address stands. */
  address: Address | undefined
}

/** A condition or a loop that is being read. */
interface Branching {
  before: Spot
  /** Where its sides ended. */
  ends: Spot[]
  /** Whether one of its sides is always written. */
  isWhole: boolean
}

const OPENING = new Set(['if', 'unless', 'case', 'for', 'tablerow', 'capture'])
const TURNING = new Set(['else', 'elsif', 'when'])

const isSpace = (char: string) => char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f'
const isUnsettled = (address: Address | undefined) => address === 'start' || address === 'open'

function createReader() {
  let spot: Spot = { state: 'text', tag: '', isEnd: false, attribute: '', quote: '', address: undefined }
  const contexts: HtmlContext[] = []
  const open: Branching[] = []
  /** The values that may say of what kind the address is, and whether a colon may make a kind of a word of theirs. */
  let kinds: number[] = []
  let hasColon = false

  const endTag = () => {
    spot.address = undefined
    spot.state = !spot.isEnd && RAW_ELEMENTS.has(spot.tag) ? 'raw' : 'text'
  }

  const readText = (html: string, at: number) => {
    if (html[at] !== '<') return
    if (html.startsWith('<!--', at) && !html.startsWith('<!--[if', at) && !html.startsWith('<!--<!', at)) {
      spot.state = 'comment'
      return
    }
    const next = html[at + 1] ?? ''
    spot.isEnd = next === '/'
    if (!spot.isEnd && !/[a-z]/i.test(next)) return
    spot.state = 'tag-name'
    spot.tag = ''
  }

  const readTagName = (char: string) => {
    if (char === '>') endTag()
    else if (isSpace(char)) spot.state = 'in-tag'
    else if (char !== '/') spot.tag += char.toLowerCase()
  }

  const readInTag = (char: string) => {
    if (char === '>') endTag()
    else if (!isSpace(char) && char !== '/') {
      spot.state = 'attribute-name'
      spot.attribute = char.toLowerCase()
    }
  }

  const readAttributeName = (char: string) => {
    if (char === '>') endTag()
    else if (char === '=') {
      spot.state = 'before-value'
      spot.quote = ''
      spot.address = URL_ATTRIBUTES.has(spot.attribute) ? 'start' : undefined
      kinds = []
      hasColon = false
    } else if (isSpace(char)) spot.state = 'in-tag'
    else spot.attribute += char.toLowerCase()
  }

  const readBeforeValue = (html: string, at: number) => {
    const char = html[at] ?? ''
    if (char === '>') endTag()
    else if (!isSpace(char)) {
      spot.state = 'value'
      if (char === '"' || char === "'") spot.quote = char
      else readAddress(html, at)
    }
  }

  const readInValue = (html: string, at: number) => {
    const char = html[at] ?? ''
    if (spot.quote === '' ? isSpace(char) : char === spot.quote) {
      spot.state = 'in-tag'
      spot.address = undefined
    } else if (spot.quote === '' && char === '>') endTag()
    else readAddress(html, at)
  }

  const readAddress = (html: string, at: number) => {
    const char = html[at] ?? ''
    if (spot.address === undefined) {
      // Where a page says to which other to go on.
      if (char === '=' && spot.tag === 'meta' && /url\s{0,9}=$/i.test(html.slice(Math.max(0, at - 12), at + 1))) {
        spot.address = 'start'
      }
    } else if (spot.address === 'path') {
      if (char === '?' || char === '#') spot.address = 'query'
    } else if (spot.address !== 'query') {
      if (char === ':' || char === '&') colonMayFollow()
      // A number sign behind an ampersand is a character in other words.
      if (char === '?' || (char === '#' && html[at - 1] !== '&')) spot.address = 'query'
      else if (char === ':' || char === '/') spot.address = 'path'
      else if (!isSpace(char)) spot.address = 'open'
    }
  }

  const colonMayFollow = () => {
    hasColon = true
    for (const index of kinds) contexts[index] = 'url-word'
    kinds = []
  }

  const readRaw = (html: string, at: number) => {
    if (html[at] !== '<' || html.slice(at, at + spot.tag.length + 2).toLowerCase() !== `</${spot.tag}`) return
    spot.state = 'tag-name'
    spot.isEnd = true
    spot.tag = ''
  }

  const context = (): HtmlContext => {
    const { state, tag, attribute, quote, address } = spot
    if (state === 'raw') return tag === 'style' || tag === 'script' ? 'css' : 'text'
    if (state === 'tag-name' || state === 'in-tag' || state === 'attribute-name') return 'tag'
    if (state !== 'value' && state !== 'before-value') return 'text'
    if (SCRIPT_ATTRIBUTE.test(attribute)) return 'script'
    if (address === 'path' || address === 'query') return `url-${address}`
    if (address !== undefined) return hasColon ? 'url-word' : address === 'start' ? 'url' : 'url-next'
    if (quote === '') return 'bare'
    return attribute === 'style' ? 'css' : 'attribute'
  }

  return {
    contexts,
    read(html: string, at: number) {
      const char = html[at] ?? ''
      const { state } = spot
      if (state === 'text') readText(html, at)
      else if (state === 'tag-name') readTagName(char)
      else if (state === 'in-tag') readInTag(char)
      else if (state === 'attribute-name') readAttributeName(char)
      else if (state === 'before-value') readBeforeValue(html, at)
      else if (state === 'value') readInValue(html, at)
      else if (state === 'raw') readRaw(html, at)
      else if (html.startsWith('-->', at - 2)) spot.state = 'text'
    },
    /** A value of the template stands here. */
    readValue() {
      if (isUnsettled(spot.address) && !hasColon) kinds.push(contexts.length)
      contexts.push(context())
      if (spot.state === 'before-value') spot.state = 'value'
      if (spot.address === 'start') spot.address = 'open'
    },
    /** A tag of the template stands here. */
    readTag(name: string) {
      if (name === 'raw' && isUnsettled(spot.address)) colonMayFollow()
      if (OPENING.has(name)) open.push({ before: { ...spot }, ends: [], isWhole: false })
      const branching = open.at(-1)
      if (branching === undefined) return
      if (TURNING.has(name)) {
        branching.ends.push(spot)
        branching.isWhole ||= name === 'else'
        spot = { ...branching.before }
      } else if (name.startsWith('end') && OPENING.has(name.slice(3))) {
        open.pop()
        if (name === 'endcapture') {
          // Nothing of it stands here.
          spot = branching.before
          return
        }
        const ends = [...branching.ends, spot, ...(branching.isWhole ? [] : [branching.before])]
        spot.address &&= leastOf(ends.map(({ address }) => address))
      }
    },
  }
}

/** What is known of an address that several ways lead to. */
function leastOf(addresses: readonly (Address | undefined)[]): Address {
  const order: Address[] = ['open', 'start', 'query']
  return order.find((address) => addresses.includes(address)) ?? 'path'
}
