import { compilePart } from './compile.ts'
import { htmlInThread } from './mjml-pool.ts'
import { beginningOf } from './mjml-root.ts'
import { readStructure, type Structure } from './mjml-structure.ts'
import type { Mistake } from './mjml-thread.ts'
import { marksIn, withoutLiquid } from './rewrite.ts'
import { requireModestTags } from './tag-limits.ts'
import { placeIn, TemplateError } from './template-error.ts'
import { BusyError, type Turn } from './turns.ts'

/**
 * The HTML that an MJML document stands for; placeholders and conditions are kept as they are, and where they are. Throws
 * TemplateError with the place of the first mistake, also for what MJML would leave out, and BusyError.
 */
export async function compileMjml(source: string, turn: Turn): Promise<string> {
  const { text: marked, gaps, original, restore } = withoutLiquid(source)
  const placeOf = (at: number) => placeIn(source, original(at))
  const { isMjml, stray } = beginningOf(marked)
  if (isMjml && stray !== undefined) throw new TemplateError(STRAY, placeOf(stray))
  requireModestTags(source, gaps)
  const structure = readStructure(marked, (message, at) => {
    throw new TemplateError(message, placeOf(at))
  })
  // Of the HTML, where its mistakes would be found as well, its author knows no line.
  compilePart(source, 'html')
  const { html, mistake } = await made(structure.text, turn)
  if (mistake !== undefined) {
    throw new TemplateError(restore(wordsFor(mistake)), placeOf(startOfElement(marked, mistake)))
  }
  const lost = gaps[lostMark(html, gaps.length, structure) ?? -1]
  if (lost !== undefined) {
    throw new TemplateError('MJML would leave this out where it stands.', placeIn(source, lost.begin))
  }
  return restore(html)
}

const STRAY =
  'MJML has to begin with <mjml>: move what stands here before it into <mj-body>, or write &lt;mjml> where no element is meant.'

async function made(mjml: string, turn: Turn) {
  try {
    return await htmlInThread(mjml, turn)
  } catch (error) {
    if (error instanceof BusyError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new TemplateError(message, { line: 1, column: 1 }, { cause: error })
  }
}

/** The first mark that is not where it was: missing, or, of those between elements, out of order or there twice. */
function lostMark(html: string, count: number, { between, spare }: Structure): number | undefined {
  const found = marksIn(html).map(({ index }) => index)
  const kept = new Set(found)
  for (let index = 0; index < count; index += 1) if (!kept.has(index) && !spare.has(index)) return index
  const order = [...between]
  const places = found.filter((index) => between.has(index))
  const wrong = places.findIndex((index, at) => index !== order[at])
  return wrong < 0 ? undefined : places[wrong]
}

const NAMED = /^Attribute (\S+) /
const WRONG_VALUE = /^Attribute (\S+) has invalid value/

function wordsFor({ message }: Mistake): string {
  const [, attribute] = WRONG_VALUE.exec(message) ?? []
  return attribute === undefined || marksIn(message).length === 0
    ? `${message.trim()}.`
    : `Liquid cannot stand in \`${attribute}\`: MJML lays the mail out by it, before there are values.`
}

/** MJML names the line of an element alone, and several can begin there: it is the first that has the attribute. */
function startOfElement(marked: string, { message, line, element }: Mistake): number {
  const begin = startOfLine(marked, line)
  const end = marked.indexOf('\n', begin)
  const [, attribute] = NAMED.exec(message) ?? []
  const starts = marked
    .slice(begin, end < 0 ? undefined : end)
    .matchAll(new RegExp(`<${escaped(element)}(?![\\w-])`, 'g'))
  const places = Array.from(starts, ({ index }) => begin + index)
  const named = places.find((place) => attribute !== undefined && hasAttribute(marked, place, attribute))
  return named ?? places[0] ?? begin
}

const hasAttribute = (marked: string, element: number, attribute: string): boolean => {
  const tag = /^<(?:"[^"]*"|'[^']*'|[^"'>])*/.exec(marked.slice(element))?.[0] ?? ''
  return new RegExp(`[\\s"']${escaped(attribute)}\\s*=`).test(tag)
}

const escaped = (text: string): string => text.replaceAll(/[^\w-]/g, String.raw`\$&`)

function startOfLine(text: string, line: number): number {
  let at = 0
  for (let passed = 1; passed < line; passed += 1) at = text.indexOf('\n', at) + 1
  return at
}
