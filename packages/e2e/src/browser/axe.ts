import type { RunOptions } from 'axe-core'
import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe knows of WCAG 2.2 at level AA, which contains all that came before it, and what it calls good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** On the page itself, as handing over all that axe returns takes longer than looking. */
const IN_WORDS = `({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, failureSummary = '' }) =>
    id + ' at ' + target.join(' ') + ': ' + failureSummary.replaceAll(/\\s+/g, ' ')))`

interface Look {
  /** These rules alone. */
  only?: readonly string[]
  /** All rules but these. */
  without?: readonly string[]
  /** A CSS selector: what is in it, and not the whole page. */
  within?: string
}

/**
 * What hinders somebody on the page as it is now: the rule, and where it is broken. The mails of others, which stand in
 * frames, are left out.
 */
export async function findBarriers(page: Page, { only, without = [], within }: Look = {}): Promise<string[]> {
  const options: RunOptions = {
    iframes: false,
    resultTypes: ['violations'],
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    runOnly: only === undefined ? { type: 'tag', values: RULES } : { type: 'rule', values: [...only] },
  }
  const where = within === undefined ? 'document' : JSON.stringify({ include: [[within]] })
  const look = `axe.run(${where}, ${JSON.stringify(options)}).then(${IN_WORDS})`
  const found = await page.evaluate<string[] | null>(`globalThis.axe === undefined ? null : ${look}`)
  if (found !== null) return found
  await page.evaluate(axe.source)
  return page.evaluate<string[]>(look)
}
