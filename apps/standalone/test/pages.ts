import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../../..')

/** The pages that people type from. */
export const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  'packages/sdk/README.md',
]

const FENCED = /^```(\w*)\n([\s\S]*?)^```$/gm

export interface Block {
  /** The page and the first line, which name it: `README.md: npx --yes pnpm@12 start`. */
  at: string
  language: string
  code: string
}

export const pageText = (page: string) => readFileSync(join(ROOT, page), 'utf8')

/** The fenced blocks of the pages, in their order. */
export function allBlocks(): Block[] {
  return PAGES.flatMap((page) =>
    [...pageText(page).matchAll(FENCED)].map(([, language = '', code = '']) => ({
      at: `${page}: ${code.trim().split('\n', 1)[0]}`,
      language,
      code,
    })),
  )
}

/** The text of a block. */
export function codeAt(at: string): string {
  const found = allBlocks().find((block) => block.at === at)
  if (found === undefined) throw new Error(`No block begins like this: ${at}`)
  return found.code
}

/** Whether a text is what a sample shows, where `…` stands for anything in one line. */
export function asPattern(sample: string): RegExp {
  const pieces = sample.trim().split('…')
  return new RegExp(pieces.map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*'))
}
