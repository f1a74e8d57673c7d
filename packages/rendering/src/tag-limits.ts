import type { Gap } from './html-context.ts'
import { RENDER_LIMITS } from './limits.ts'
import { placeIn, TemplateError } from './template-error.ts'

const TAG = /^\{%-?\s*(end)?(\w+)/

/** Tags that have an end tag. */
const BLOCKS = new Set(['if', 'unless', 'case', 'for', 'tablerow', 'capture'])

/** What stands in them is not read. */
const VERBATIM = new Set(['raw', 'comment'])

/** Refuses a template that has more tags than anybody writes, or has them longer or deeper in each other, at the first one too many. */
export function requireModestTags(source: string, gaps: readonly Gap[]): void {
  const { tags, tagChars, depth } = RENDER_LIMITS
  const extra = gaps[tags]
  if (extra !== undefined) {
    throw new TemplateError(`It has more than ${tags} placeholders and tags.`, placeIn(source, extra.begin))
  }
  let open = 0
  for (const { begin, end } of gaps) {
    const [, isEnd, name = ''] = TAG.exec(source.slice(begin, end)) ?? []
    if (end - begin > tagChars && !VERBATIM.has(name)) {
      throw new TemplateError(
        `It has a placeholder or tag of more than ${tagChars} characters.`,
        placeIn(source, begin),
      )
    }
    if (!BLOCKS.has(name)) continue
    open += isEnd === undefined ? 1 : -1
    if (open > depth) {
      throw new TemplateError(`It has more than ${depth} tags inside each other.`, placeIn(source, begin))
    }
  }
}
