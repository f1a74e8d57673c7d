import type { Gap } from './html-context.ts'
import { readLiquid } from './liquid-source.ts'

interface Edit extends Gap {
  from: number
  to: number
}

function wayBack(edits: readonly Edit[], place: number): number {
  const edit = edits.findLast(({ from }) => from <= place)
  if (edit === undefined) return place
  return place < edit.to ? edit.begin + Math.min(place - edit.from, edit.end - edit.begin) : place - edit.to + edit.end
}

/**
 * A document with each piece of Liquid replaced by a mark that no HTML parser touches, and the way back. A tag that is
 * alone in a line of what comes back takes the line with it. Throws TemplateError for what is never closed.
 */
export function withoutLiquid(source: string): WithoutLiquid {
  const { gaps } = readLiquid(source)
  const edits: Edit[] = []
  let text = ''
  let done = 0
  for (const [index, { begin, end }] of gaps.entries()) {
    text += source.slice(done, begin).replace(MARKS, '')
    const from = text.length
    text += `${MARK}${index}${source[begin + 1] === '{' ? OUTPUT : TAG}`
    edits.push({ from, to: text.length, begin, end })
    done = end
  }
  text += source.slice(done).replace(MARKS, '')
  const piece = (_: string, index: string) => source.slice(gaps[Number(index)]?.begin, gaps[Number(index)]?.end)
  return {
    text,
    gaps,
    original: (place) => wayBack(edits, place),
    restore: (marked) => marked.replace(LONE_TAGS, '$1').replace(MARKED, piece),
  }
}

export interface WithoutLiquid {
  text: string
  /** What each mark stands for, in their order. */
  gaps: Gap[]
  /** The place in the source for one in the text. */
  original(place: number): number
  restore(text: string): string
}

/** The marks in a text that `withoutLiquid` made, or in what was made of it. */
export const marksIn = (text: string): (Gap & { index: number; isTag: boolean })[] =>
  [...text.matchAll(MARKED)].map(({ 0: mark, 1: index, index: begin }) => ({
    index: Number(index),
    isTag: mark.endsWith(TAG),
    begin,
    end: begin + mark.length,
  }))

// Of Unicode's private use area, so nobody writes them.
const [MARK, OUTPUT, TAG] = ['\uE000', '\uE001', '\uE002']
const MARKS = /[\uE000-\uE002]/g
const MARKED = /\uE000(\d+)[\uE001\uE002]/g
const LONE_TAGS = /^[ \t]*((?:\uE000\d+\uE002[ \t]*)+)\n/gm
