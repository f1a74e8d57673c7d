import type { HtmlContext, REFUSALS } from './html-context.ts'

const REFUSED: HtmlContext[] = ['name', 'script', 'attribute-name', 'unclear'] satisfies (keyof typeof REFUSALS)[]

/** Where several could be, the first is safe in the place of those behind it. */
const BY_STRICTNESS: HtmlContext[] = [
  ...REFUSED,
  'json-string',
  'json',
  'css-bare',
  'css',
  'tag',
  'url-word',
  'url-next',
  'url',
  'url-query',
  'url-path',
  'bare',
  'attribute',
  'text',
]

const isCss = (context: HtmlContext) => context === 'css' || context === 'css-bare'
const isJson = (context: HtmlContext) => context === 'json' || context === 'json-string'
const isUrl = (context: HtmlContext) => context.startsWith('url')

/** How a value is written that may stand in any of these places. */
export function strictest(contexts: ReadonlySet<HtmlContext>): HtmlContext {
  const all = [...contexts]
  const first = BY_STRICTNESS.find((context) => contexts.has(context)) ?? 'text'
  if (REFUSED.includes(first) || all.length === 1) return first
  const mixesJson = all.some(isJson) && !all.every((context) => isJson(context) || context === 'text')
  const mixesCss = all.some(isCss) && all.some((context) => isUrl(context) || context === 'tag')
  // A word without a colon is no address, unless the author's own colon follows.
  const mixesWord = contexts.has('tag') && contexts.has('url-word')
  if (mixesJson || mixesCss || mixesWord) return 'unclear'
  return isCss(first) && contexts.has('bare') ? 'css-bare' : first
}
