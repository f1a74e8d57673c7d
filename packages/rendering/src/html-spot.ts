import { isNamedByValue } from './attribute-name.ts'
import { addressOf, isAddress, readAddress, type Address } from './html-address.ts'

/** The states of the HTML standard's tokenizer, as far as they make a difference for a value. */
export type State =
  | 'text'
  | 'open'
  | 'end-open'
  | 'markup'
  | 'bogus'
  | 'cdata'
  | 'comment-start'
  | 'comment-start-dash'
  | 'comment'
  | 'comment-dash'
  | 'comment-end'
  | 'comment-bang'
  | 'tag-name'
  | 'before-name'
  | 'name'
  | 'after-name'
  | 'slash'
  | 'before-value'
  | 'value'
  | 'after-value'
  | 'raw'
  | 'raw-open'
  | 'raw-slash'
  | 'raw-name'

/** One way in which a reader may have read the document so far. */
export interface Spot {
  state: State
  /** Of the tag, or of the element whose content is no HTML. */
  tag: string
  /** Where the tag begins. */
  tagAt: number
  isEnd: boolean
  /** Has a mark in it where a value may add to it. */
  attribute: string
  quote: string
  address: Address | undefined
  /** What the tag says of the kind of its script; undefined where that cannot be known. */
  scriptType: string | undefined
  /** Whether it is in a string of the JSON that is being read; undefined where it reads none. */
  json: 'value' | 'string' | 'escaped' | undefined
  /** Inside a script: nothing, a comment, or a script in a comment, which has an end tag of its own. */
  inScript: '' | 'comment' | 'script'
}

export const TEXT: Readonly<Spot> = {
  state: 'text',
  tag: '',
  tagAt: 0,
  isEnd: false,
  attribute: '',
  quote: '',
  address: undefined,
  scriptType: '',
  json: undefined,
  inScript: '',
}

/** What is known of a document beside where it is read. */
export interface Known {
  /** There are elements in which other rules hold, so that no element's content is surely no HTML. */
  hasForeign: boolean
  /** Notes that the values of this address may say of what kind it is, since a colon may follow them. */
  colonMayFollow(address: Address): void
  /** Notes that the tag which begins there makes a reader go to another page. */
  leadsAway(tagAt: number): void
  /** Notes that an attribute has a value whose name a value of the template may be. */
  hasValue(spot: Spot): void
}

/** Elements whose content is not HTML. */
const RAW = new Set(['style', 'script', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript'])
const FOREIGN = new Set(['svg', 'math', 'select', 'frameset'])
/** Elements that make something else of what follows, or of their attributes. */
export const SPECIAL = [...RAW, ...FOREIGN, 'plaintext', 'meta']
/** Programs that run scripts read `noscript` otherwise than those that do not. */
const EITHER = 'noscript'

const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json\s*(?:;|$)/i

const isSpace = (char: string) => char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f'
const isLetter = (char: string) => (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z')

export const keyOf = (spot: Spot): string =>
  `${spot.state} ${spot.tag} ${spot.tagAt} ${spot.isEnd} ${spot.attribute} ${spot.quote} ${spot.scriptType} ${spot.json} ${spot.inScript} ${spot.address === undefined ? '' : `${spot.address.at} ${spot.address.known} ${spot.address.hasColon}`}`

/** Reads one character. Changes the spot, and answers with other spots where it may be read in other ways too. */
export function step(spot: Spot, html: string, at: number, known: Known): Spot[] {
  const char = html[at] as string // Safe because of the reader's bound.
  switch (spot.state) {
    case 'text':
      if (char === '<') {
        spot.state = 'open'
        spot.tagAt = at
      }
      return []
    case 'open':
      if (char === '!') return markup(spot, html, at + 1, known)
      if (char === '/') spot.state = 'end-open'
      else if (char === '?') spot.state = 'bogus'
      else if (isLetter(char)) beginTag(spot, char, false)
      else if (char === '<') spot.tagAt = at
      else toText(spot)
      return []
    case 'end-open':
      if (isLetter(char)) beginTag(spot, char, true)
      else if (char === '>') toText(spot)
      else spot.state = 'bogus'
      return []
    case 'markup':
      // Behind the second dash of what opens a comment.
      if (char === '-' && html[at - 1] === '-' && html[at - 2] === '!') spot.state = 'comment-start'
      return []
    case 'bogus':
      if (char === '>') toText(spot)
      return []
    case 'cdata':
      if (char === '>' && /\](?:\]|\}\})$|\}\}$/.test(html.slice(Math.max(0, at - 3), at))) toText(spot)
      return []
    case 'tag-name':
      if (char === '>') return endTag(spot, known)
      if (isSpace(char)) spot.state = 'before-name'
      else if (char === '/') spot.state = 'slash'
      else spot.tag += char.toLowerCase()
      if (spot.state !== 'tag-name' && !spot.isEnd && FOREIGN.has(spot.tag)) known.hasForeign = true
      return []
    case 'before-name':
    case 'slash':
    case 'after-value':
    case 'after-name':
      return betweenAttributes(spot, char, known)
    case 'name':
      return readName(spot, char, known)
    case 'before-value':
      return beforeValue(spot, html, at, known)
    case 'value':
      return inValue(spot, html, at, known)
    case 'raw':
    case 'raw-open':
    case 'raw-slash':
    case 'raw-name':
      return readRaw(spot, html, at)
    default:
      readComment(spot, char)
      return []
  }
}

function toText(spot: Spot): void {
  Object.assign(spot, TEXT)
}

function beginTag(spot: Spot, char: string, isEnd: boolean): void {
  spot.state = 'tag-name'
  spot.tag = char.toLowerCase()
  spot.isEnd = isEnd
  spot.attribute = ''
  spot.scriptType = ''
}

/** Behind `<!`. What Outlook reads in a conditional comment is read as HTML as well. */
function markup(spot: Spot, html: string, at: number, known: Known): Spot[] {
  if (html.startsWith('--', at)) {
    spot.state = 'markup'
    return html.startsWith('--[if', at) ? [{ ...spot, state: 'bogus' }] : []
  }
  spot.state = 'bogus'
  return known.hasForeign && html.startsWith('[CDATA[', at) ? [{ ...spot, state: 'cdata' }] : []
}

const COMMENT: Partial<Record<State, Record<string, State>>> = {
  'comment-start': { '-': 'comment-start-dash', '>': 'text' },
  'comment-start-dash': { '-': 'comment-end', '>': 'text' },
  comment: { '-': 'comment-dash' },
  'comment-dash': { '-': 'comment-end' },
  'comment-end': { '-': 'comment-end', '!': 'comment-bang', '>': 'text' },
  'comment-bang': { '-': 'comment-dash', '>': 'text' },
}

function readComment(spot: Spot, char: string): void {
  spot.state = COMMENT[spot.state]?.[char] ?? 'comment'
  if (spot.state === 'text') toText(spot)
}

function endTag(spot: Spot, known: Known): Spot[] {
  const { tag, isEnd, scriptType } = spot
  if (FOREIGN.has(tag) && !isEnd) known.hasForeign = true
  toText(spot)
  if (isEnd || !RAW.has(tag)) return []
  const isJson = tag === 'script' && scriptType !== undefined && JSON_TYPE.test(scriptType)
  const raw: Spot = { ...TEXT, state: 'raw', tag, json: isJson ? 'value' : undefined }
  if (known.hasForeign || tag === EITHER) return [raw]
  Object.assign(spot, raw)
  return []
}

function betweenAttributes(spot: Spot, char: string, known: Known): Spot[] {
  if (char === '>') return endTag(spot, known)
  if (isSpace(char)) {
    if (spot.state !== 'after-name') spot.state = 'before-name'
  } else if (char === '/') spot.state = 'slash'
  else if (char === '=' && spot.state === 'after-name') giveValue(spot, known)
  else {
    spot.state = 'name'
    spot.attribute = char.toLowerCase()
  }
  return []
}

function readName(spot: Spot, char: string, known: Known): Spot[] {
  if (char === '>') return endTag(spot, known)
  if (isSpace(char)) spot.state = 'after-name'
  else if (char === '/') spot.state = 'slash'
  else if (char === '=') giveValue(spot, known)
  else spot.attribute += char.toLowerCase()
  if (spot.attribute === 'http-equiv' && spot.state !== 'name') known.leadsAway(spot.tagAt)
  return []
}

function giveValue(spot: Spot, known: Known): void {
  spot.state = 'before-value'
  if (isNamedByValue(spot.attribute)) known.hasValue(spot)
}

function beginValue(spot: Spot, quote: string, at: number): void {
  spot.state = 'value'
  spot.quote = quote
  spot.address = isAddress(spot.attribute) ? addressOf(at) : undefined
}

function beforeValue(spot: Spot, html: string, at: number, known: Known): Spot[] {
  const char = html[at] as string // Safe because of the reader's bound.
  if (char === '>') return endTag(spot, known)
  if (isSpace(char)) return []
  const isQuoted = char === '"' || char === "'"
  beginValue(spot, isQuoted ? char : '', at)
  return isQuoted ? [] : inValue(spot, html, at, known)
}

function inValue(spot: Spot, html: string, at: number, known: Known): Spot[] {
  const char = html[at] as string // Safe because of the reader's bound.
  if (spot.quote === '' ? isSpace(char) : char === spot.quote) {
    spot.state = spot.quote === '' ? 'before-name' : 'after-value'
    spot.address = undefined
    spot.quote = ''
    spot.attribute = ''
  } else if (spot.quote === '' && char === '>') return endTag(spot, known)
  else {
    if (spot.tag === 'script' && spot.attribute === 'type' && spot.scriptType !== undefined) spot.scriptType += char
    spot.address = readAddress(spot, html, at, known)
  }
  return []
}

function readRaw(spot: Spot, html: string, at: number): Spot[] {
  const char = html[at] as string // Safe because of the reader's bound.
  const { tag } = spot
  if (spot.state === 'raw-name' && isLetter(char)) {
    spot.attribute += char.toLowerCase()
    return []
  }
  if (spot.state === 'raw-slash' && isLetter(char)) {
    spot.state = 'raw-name'
    spot.attribute = char.toLowerCase()
    return []
  }
  if (spot.state === 'raw-open' && char === '/') {
    spot.state = 'raw-slash'
    return []
  }
  const isEnd = spot.state === 'raw-name' && spot.attribute === tag && (isSpace(char) || char === '/' || char === '>')
  spot.state = char === '<' ? 'raw-open' : 'raw'
  spot.attribute = ''
  if (tag === 'script') readScript(spot, html, at)
  if (!isEnd) return []
  const still: Spot[] = spot.inScript === 'script' ? [{ ...spot, inScript: 'comment' }] : []
  toText(spot)
  if (char !== '>') Object.assign(spot, { state: char === '/' ? 'slash' : 'before-name', tag, isEnd: true })
  return still
}

/** Follows the strings of JSON, and the comments of scripts. */
function readScript(spot: Spot, html: string, at: number): void {
  const char = html[at]
  if (spot.json === 'escaped') spot.json = 'string'
  else if (spot.json === 'string') spot.json = char === '"' ? 'value' : char === '\\' ? 'escaped' : 'string'
  else if (spot.json === 'value' && char === '"') spot.json = 'string'
  if (char === '<' && html.startsWith('!--', at + 1) && spot.inScript === '') spot.inScript = 'comment'
  else if (char === '<' && spot.inScript === 'comment' && /^script/i.test(html.slice(at + 1, at + 7)))
    spot.inScript = 'script'
  else if (char === '>' && html.startsWith('--', at - 2)) spot.inScript = ''
}
