import { createHash } from 'node:crypto'

const PIECES = [
  'word',
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '=',
  '.',
  '.\r\n',
  ' \n',
  '\0',
  '\x7f',
  'é',
  'Ж',
  '漢',
  '🦉',
  '\ud83d',
  'x'.repeat(74),
  'y'.repeat(75),
  'z'.repeat(76),
  '<p class="a">',
]

/** So many texts that are different from each other and the same in each run, of pieces that have made trouble. */
export function sampleTexts(count: number): string[] {
  let state = 1
  const next = (below: number) => {
    // A linear congruential generator: what counts is that it is the same everywhere.
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  return Array.from({ length: count }, () => {
    // Half of them in ASCII alone, which is encoded in another way.
    const pieces = next(2) === 0 ? PIECES : PIECES.filter((piece) => /^[\t\r\n\x20-\x7e]*$/.test(piece))
    return Array.from({ length: next(60) }, () => pieces[next(pieces.length)]).join('')
  })
}

export const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
