import type { HtmlContext } from './html-context.ts'
import type { Known, Spot } from './html-spot.ts'

/** What is known of an address that is being read. */
export interface Address {
  /** Where it begins: what tells it from others. */
  at: number
  /** Nothing yet, something without its kind, or its kind and where in it we are. */
  known: 'start' | 'open' | 'path' | 'query'
  /** Whether a colon of its author's may make a kind of the words before it. */
  hasColon: boolean
}

const ATTRIBUTES = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'background',
  'cite',
  'data',
  'ping',
  'poster',
  'longdesc',
  'lowsrc',
  'dynsrc',
  'codebase',
  'xlink:href',
])

export const isAddress = (attribute: string): boolean => ATTRIBUTES.has(attribute)

export const addressOf = (at: number): Address => ({ at, known: 'start', hasColon: false })

export const isUnsettled = ({ known }: Address): boolean => known === 'start' || known === 'open'

/** Reads one character of the value of an attribute, which may begin an address where there was none. */
export function readAddress({ tag, address }: Spot, html: string, at: number, known: Known): Address | undefined {
  const char = html[at] as string // Safe because of the reader's bound.
  if (address === undefined) {
    // Where a page says to which other to go on.
    const begins = char === '=' && tag === 'meta' && /url\s{0,9}=$/i.test(html.slice(Math.max(0, at - 12), at + 1))
    return begins ? addressOf(at) : undefined
  }
  if (address.known === 'query') return address
  if (address.known === 'path') return char === '?' || char === '#' ? { ...address, known: 'query' } : address
  const colon = char === ':' || char === '&'
  if (colon) known.colonMayFollow(address)
  const read = colon && !address.hasColon ? { ...address, hasColon: true } : address
  // A number sign behind an ampersand is a character in other words.
  if (char === '?' || (char === '#' && html[at - 1] !== '&')) return { ...read, known: 'query' }
  if (char === ':' || char === '/') return { ...read, known: 'path' }
  return /\s/.test(char) || read.known === 'open' ? read : { ...read, known: 'open' }
}

export function addressContext(address: Address): HtmlContext {
  if (address.known === 'path' || address.known === 'query') return `url-${address.known}`
  if (address.hasColon) return 'url-word'
  return address.known === 'start' ? 'url' : 'url-next'
}
