import { ADDED, isNamedByValue } from './attribute-name.ts'
import { addressContext, addressOf, isAddress } from './html-address.ts'
import type { HtmlContext } from './html-context.ts'
import { SPECIAL, type Spot, type State } from './html-spot.ts'

const SCRIPT_ATTRIBUTE = /^(?:on.+|srcdoc)$/

const BETWEEN_VALUES = new Set<State>(['before-name', 'name', 'after-name', 'slash', 'after-value'])

const COMMENT_STATES: State[] = ['comment', 'comment-dash', 'comment-end', 'comment-bang']

/** Where a reader may be behind a value, which may also be empty. Its escaping lets it not leave its place. */
export function afterValue(spot: Spot): Spot[] {
  const marked = (name: string) => (name.endsWith(ADDED) ? name : name + ADDED)
  const also = (more: Partial<Spot>): Spot => ({ ...spot, ...more })
  if (spot.tag === 'script' && spot.state !== 'raw') spot.scriptType = undefined
  switch (spot.state) {
    case 'comment-start':
    case 'comment-start-dash':
      return [spot, also({ state: 'comment-start-dash' }), ...COMMENT_STATES.map((state) => also({ state }))]
    case 'comment':
    case 'comment-dash':
    case 'comment-end':
    case 'comment-bang':
      return [spot, ...COMMENT_STATES.map((state) => also({ state }))]
    case 'tag-name':
      return [spot, also({ tag: marked(spot.tag) })]
    case 'before-name':
    case 'slash':
    case 'after-value':
    case 'after-name':
      return [spot, also({ state: 'name', attribute: ADDED })]
    case 'name':
      return [spot, also({ attribute: marked(spot.attribute) })]
    case 'before-value': {
      const value = also({ state: 'value', quote: '' })
      if (isAddress(spot.attribute)) value.address = { ...addressOf(spot.tagAt), known: 'open' }
      return [spot, value]
    }
    case 'value':
      return spot.address?.known === 'start' ? [spot, also({ address: { ...spot.address, known: 'open' } })] : [spot]
    default:
      return [spot]
  }
}

/** How a value is to be written that stands there. */
export function contextAt(spot: Spot): HtmlContext {
  const { state, tag, attribute, quote, address } = spot
  switch (state) {
    case 'open':
    case 'end-open':
    case 'raw-open':
    case 'raw-slash':
    case 'raw-name':
      return 'name'
    case 'markup':
      return 'unclear'
    case 'tag-name': {
      const prefix = tag.split(ADDED, 1)[0] ?? ''
      return SPECIAL.some((name) => name.startsWith(prefix)) ? 'name' : 'tag'
    }
    case 'before-name':
    case 'name':
    case 'after-name':
    case 'slash':
    case 'after-value':
      return 'tag'
    case 'raw':
      if (tag === 'style') return 'css'
      if (tag !== 'script') return 'text'
      if (spot.json === undefined) return 'script'
      return spot.json === 'value' ? 'json' : 'json-string'
    case 'before-value':
    case 'value':
      if (isNamedByValue(attribute)) return 'unclear'
      if (SCRIPT_ATTRIBUTE.test(attribute)) return 'script'
      if (address !== undefined) return addressContext(address)
      if (isAddress(attribute)) return 'url'
      if (attribute === 'style') return quote === '' ? 'css-bare' : 'css'
      return quote === '' ? 'bare' : 'attribute'
    default:
      return 'text'
  }
}

/** Whether a value that stands there would be an attribute, or the name of one. */
export const isBetweenValues = ({ state }: Spot): boolean => BETWEEN_VALUES.has(state)

/** Whether it says to which page a reader is to go on, where its tag makes that of it. */
export const isContent = ({ tag, attribute, address }: Spot): boolean =>
  tag === 'meta' && attribute === 'content' && address === undefined
