/** A block of text as it is being written: a paragraph, a list, the item of a list. */
export interface TextBlock {
  text: string
  /** Empty lines and line ends that it keeps from what stands before it. */
  breaksBefore: number
  /** Line ends that are owed before more text. */
  owedBreaks: number
  /** A blank that is owed before the next word. */
  owesBlank: boolean
  lineHasWords: boolean
  /** Whether blanks and line ends are kept as they are. */
  isPreformatted: boolean
}

export function newBlock(breaksBefore: number, isPreformatted: boolean): TextBlock {
  return { text: '', breaksBefore, owedBreaks: 0, owesBlank: false, lineHasWords: false, isPreformatted }
}

// The blanks of HTML, and the one of no width; a no-break space is a letter like others.
const BEGINS_BLANK = /^[ \t\r\n\f\u200b]/
const ENDS_BLANK = /[ \t\r\n\f\u200b]$/
const HAS_WORDS = /[^ \t\r\n\f\u200b]/
const UNEVEN_BLANKS = /[\t\r\n\f\u200b]| {2}/
const BLANKS = /[ \t\r\n\f\u200b]+/g

/** Writes words with one blank between them, and answers what was written of them; nothing where blanks are kept. */
export function writeWords(block: TextBlock, text: string): string {
  if (block.isPreformatted) {
    block.text += text
    return ''
  }
  const hasWords = HAS_WORDS.test(text)
  if (text === '' || (block.owedBreaks > 0 && !hasWords)) return ''
  payBreaks(block)
  if (!hasWords) {
    block.owesBlank = true
    return ''
  }
  const begins = BEGINS_BLANK.test(text)
  const ends = ENDS_BLANK.test(text)
  const even = UNEVEN_BLANKS.test(text) ? text.replace(BLANKS, ' ') : text
  const words = begins || ends ? even.slice(begins ? 1 : 0, ends ? -1 : undefined) : even
  block.text += (block.owesBlank || begins) && block.lineHasWords ? ` ${words}` : words
  block.lineHasWords = true
  block.owesBlank = ends
  return words
}

/** A blank that counts as a word, so that what follows keeps its distance. */
export function writeGap(block: TextBlock): void {
  if (block.isPreformatted) {
    block.text += ' '
    return
  }
  payBreaks(block)
  block.text += block.owesBlank && block.lineHasWords ? '  ' : ' '
  block.lineHasWords = true
  block.owesBlank = false
}

export function writeLineEnd(block: TextBlock): void {
  block.text += '\n'
  block.lineHasWords = false
}

/** Puts a finished block, or what was made of it, into the one around it. */
export function writeBlock(block: TextBlock, text: string, breaks: { before: number; after: number }): void {
  const before = Math.max(block.owedBreaks, breaks.before)
  if (block.text === '') block.breaksBefore = before
  else block.text += '\n'.repeat(before)
  block.text += text
  block.lineHasWords = false
  block.owedBreaks = breaks.after
}

function payBreaks(block: TextBlock): void {
  if (block.owedBreaks === 0) return
  block.text += '\n'.repeat(block.owedBreaks)
  block.lineHasWords = false
  block.owedBreaks = 0
}
