import { isAddress, isUnsettled } from './html-address.ts'
import { keyOf, step, TEXT, type Known, type Spot } from './html-spot.ts'
import { afterValue, contextAt, isBetweenValues, isContent } from './html-value.ts'
import { strictest } from './strictest.ts'

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
  /** In a style without quotes. */
  'css-bare',
  /** Where JSON has a value. */
  'json',
  /** In a string of JSON. */
  'json-string',
] as const

/** Why no value can be made safe in some places. */
export const REFUSALS = {
  script:
    'A value may not stand in an attribute that is run, in a script, or in what is read as a document of its own.',
  name: 'A value may not stand right behind “<”, where it would be the name of a tag. Write &lt; for the sign itself.',
  'attribute-name':
    'A value may not be the name of an attribute that has a value, since it could be that of one that is run. Write the whole attribute in each branch of a condition.',
  unclear: 'What this value would be depends on a condition or on another value. Write the whole tag in each branch.',
} as const

export type HtmlContext = (typeof HTML_CONTEXTS)[number] | keyof typeof REFUSALS

/** A piece of the source that is no HTML, such as a tag of the template language. */
export interface Gap {
  begin: number
  end: number
}

const OPENING = new Set(['if', 'unless', 'case', 'for', 'tablerow', 'capture'])
const TURNING = new Set(['else', 'elsif', 'when'])
const LOOPS = new Set(['for', 'tablerow'])
const LEAVING = new Set(['break', 'continue'])

/** Nobody's document can be read in more ways, or has to be read more often until all of them are known. */
const MOST_WAYS = 64
const MOST_PASSES = 10

/** Steps of one character in one way, for all passes together: some hundred milliseconds. */
const MOST_STEPS = 5_000_000

/** A condition, a loop or a capture that is being read. */
interface Block {
  name: string
  begin: number
  before: Spot[]
  /** Where its sides ended. */
  ends: Spot[]
  /** Whether one of its sides is always written. */
  isWhole: boolean
}

export interface HtmlContexts {
  /** Of the values, in their order. */
  contexts: HtmlContext[]
  /** The gaps, by their order, that stand in the value of an attribute, where what is behind them could end a reference. */
  inAttributes: ReadonlySet<number>
}

/**
 * Tells of each of the gaps that are values in what context it stands; the other gaps are tags. A document can be read in
 * several ways, by the sides of its conditions, by whether a value is empty, and by whether a program reads what is meant
 * for Outlook: all of them are followed, and a value is escaped for all of them. Where that takes too long, it is refused
 * at the gap that was come to.
 */
export function htmlContexts(
  html: string,
  values: readonly number[],
  gaps: readonly Gap[],
  refuse: (gap: number) => never,
): HtmlContexts {
  const isValue = new Set(values)
  const reader = createReader(html)
  const inAttributes = new Set<number>()
  for (let pass = 0; pass < MOST_PASSES && reader.hasNews(); pass += 1) {
    reader.begin()
    for (const [index, { begin, end }] of gaps.entries()) {
      reader.readTo(begin)
      if (reader.isInAttribute()) inAttributes.add(index)
      if (isValue.has(begin)) reader.readValue()
      else reader.readTag(/^\{%-?\s*(\w+)/.exec(html.slice(begin, begin + 100))?.[1] ?? '', begin)
      reader.skipTo(end)
      if (reader.isSpent()) refuse(index)
    }
    reader.readTo(html.length)
    if (reader.isSpent()) refuse(gaps.length - 1)
  }
  return { contexts: reader.contexts(), inAttributes }
}

function createReader(html: string) {
  const found: Set<HtmlContext>[] = []
  /** By the address: the values that may say of what kind it is. */
  const kinds = new Map<number, Set<number>>()
  /** By the tag: the values that may be an address, where it makes a reader go to another page. */
  const contents = new Map<number, Set<number>>()
  /** By the tag: the value that was the last one in it to stand where an attribute has its name. */
  const names = new Map<number, number>()
  const leadingAway = new Set<number>()
  /** By the loop: where its rounds ended, and the next one begins. */
  const rounds = new Map<number, Spot[]>()
  /** Where captured texts end, which are HTML where they are written; the tags of one may be left open. */
  const leftOpen = new Map<string, Spot>()

  let spots: Spot[] = []
  let blocks: Block[] = []
  let at = 0
  let index = 0
  let hasNews = true
  let isLost = false
  let steps = 0

  const known: Known = {
    hasForeign: false,
    colonMayFollow({ at: begin }) {
      kinds.get(begin)?.forEach((value) => found[value]?.add('url-word'))
      kinds.delete(begin)
    },
    leadsAway(tagAt) {
      leadingAway.add(tagAt)
      contents.get(tagAt)?.forEach((value) => found[value]?.add('script'))
      contents.delete(tagAt)
    },
    hasValue({ tagAt }) {
      found[names.get(tagAt) ?? -1]?.add('attribute-name')
    },
  }

  const note = (notes: Map<number, Set<number>>, where: number) => {
    const noted = notes.get(where) ?? new Set()
    notes.set(where, noted.add(index))
  }

  const isSpent = () => steps > MOST_STEPS

  const byKey = (ways: readonly Spot[]): Map<string, Spot> => {
    for (const spot of ways) steps += stepsOf(spot)
    return new Map(ways.map((spot) => [keyOf(spot), spot]))
  }

  const follow = (ways: Spot[]) => {
    spots = ways.length < 2 ? [...ways] : [...byKey(ways).values()]
    if (spots.length <= MOST_WAYS) return
    isLost = true
    spots.length = MOST_WAYS
  }

  const stepAll = (text: string, place: number) => spots.flatMap((spot) => step(spot, text, place, known))

  const read = (text: string, from: number, end: number) => {
    const hadForeign = known.hasForeign
    for (let place = from; place < end && !isSpent(); place += 1) {
      steps += spots.length
      const [only] = spots
      if (spots.length === 1 && only?.state === 'text') {
        const next = text.indexOf('<', place)
        if (next < 0 || next >= end) break
        place = next
      }
      const more = only !== undefined && spots.length === 1 ? step(only, text, place, known) : stepAll(text, place)
      if (more.length > 0 || (spots.length > 1 && text[place] === '>')) follow([...spots, ...more])
    }
    hasNews ||= known.hasForeign !== hadForeign
  }

  const close = (name: string) => {
    const block = blocks.pop()
    if (block === undefined) return
    const { before, ends, isWhole, begin } = block
    if (name === 'capture') {
      // Nothing of it stands here.
      for (const [key, spot] of byKey(spots)) {
        if (leftOpen.has(key)) continue
        if (leftOpen.size < MOST_WAYS) leftOpen.set(key, { ...spot })
        else isLost = true
        hasNews = true
      }
      return follow(before)
    }
    if (LOOPS.has(name)) {
      const entered = rounds.get(begin) ?? []
      const isKnown = byKey([...before, ...entered])
      const more = [...byKey([...ends, ...spots])].flatMap(([key, spot]) => (isKnown.has(key) ? [] : [spot]))
      if (more.length > 0) {
        rounds.set(begin, [...entered, ...copied(more)])
        hasNews = true
      }
    }
    follow([...ends, ...spots, ...(isWhole ? [] : before)])
  }

  return {
    hasNews: () => hasNews,
    isSpent,
    isInAttribute: () => isLost || spots.some(({ state }) => state === 'value'),
    begin() {
      spots = [{ ...TEXT }]
      blocks = []
      at = 0
      index = 0
      hasNews = false
    },
    skipTo(end: number) {
      at = end
    },
    readTo(end: number) {
      read(html, at, end)
      at = end
    },
    /** A value of the template stands here. */
    readValue() {
      const contexts = (found[index] ??= new Set())
      if (isLost) contexts.add('unclear')
      for (const spot of spots) {
        steps += stepsOf(spot)
        const { state, address, attribute, tagAt } = spot
        contexts.add(contextAt(spot))
        if (isBetweenValues(spot)) names.set(tagAt, index)
        if (state === 'before-value' && isAddress(attribute)) note(kinds, tagAt)
        else if (address !== undefined && isUnsettled(address) && !address.hasColon) note(kinds, address.at)
        if ((state === 'before-value' || state === 'value') && isContent(spot)) {
          note(contents, tagAt)
          if (leadingAway.has(tagAt)) contexts.add('script')
        }
      }
      const isHtml = spots.some((spot) => contextAt(spot) === 'text')
      follow([...spots.flatMap(afterValue), ...(isHtml ? copied([...leftOpen.values()]) : [])])
      index += 1
    },
    /** A tag of the template stands here. */
    readTag(name: string, begin: number) {
      const block = blocks.at(-1)
      if (OPENING.has(name)) {
        blocks.push({ name, begin, before: copied(spots), ends: [], isWhole: false })
        if (LOOPS.has(name)) follow([...spots, ...copied(rounds.get(begin) ?? [])])
        // What is captured in one place may be written in another.
        if (name === 'capture') follow([...spots, { ...TEXT }])
        if (name === 'tablerow') read(ROW, 0, ROW.length)
      } else if (LEAVING.has(name)) {
        blocks.findLast((around) => LOOPS.has(around.name))?.ends.push(...copied(spots))
      } else if (block !== undefined && TURNING.has(name)) {
        block.ends.push(...spots)
        block.isWhole ||= name === 'else'
        // Of a `case` all that match are written, one behind the other.
        follow(copied(name === 'when' ? [...block.before, ...block.ends] : block.before))
      } else if (name.startsWith('end') && OPENING.has(name.slice(3))) {
        if (name === 'endtablerow') read(ROW_END, 0, ROW_END.length)
        close(name.slice(3))
      }
    },
    contexts: () => found.map((contexts) => (hasNews ? 'unclear' : strictest(contexts))),
  }
}

/** What the tag `tablerow` writes by itself. */
const ROW = '<tr class="row1"><td class="col1">'
const ROW_END = '</td></tr>'

const copied = (spots: readonly Spot[]): Spot[] => spots.map((spot) => ({ ...spot }))

/** What it costs to tell a way from others: its names are read, which can be long. */
const stepsOf = ({ tag, attribute, scriptType }: Spot): number =>
  16 + (tag.length + attribute.length + (scriptType?.length ?? 0)) / 8
