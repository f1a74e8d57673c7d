import { once } from 'node:events'
import { LIMITS } from '@posthorn/contracts'
import { CsvError, parse } from 'csv-parse'
import { DELIMITERS, delimiterOf, withoutSep, type Delimiter } from './delimiter.ts'
import { turns } from './turn.ts'
import { unreadable } from './unreadable.ts'

export interface NumberedRecord {
  /** As a spreadsheet counts: empty lines count, and are no records. */
  row: number
  cells: string[]
}

export interface Records {
  delimiter: Delimiter
  /** As many as came of one slice of text, in their order. */
  batches: AsyncIterable<NumberedRecord[]>
}

const SNIFFED = 64 * 1024
/** What the widest row of a spreadsheet has. */
const CELLS_AT_MOST = 16_384
/** So much text is taken apart without a look at the clock. */
const SLICE_LENGTH = 4 * 1024

/** Takes CSV apart as it arrives. No more of it is held than one record, which is bounded. */
export async function recordsOf(pieces: AsyncIterable<string>, asked: Delimiter | undefined): Promise<Records> {
  const reading = pieces[Symbol.asyncIterator]()
  let head = ''
  let isOver = false
  while (head.length < SNIFFED && !isOver) {
    const next = await reading.next()
    if (next.done) isOver = true
    else head += next.value
  }
  const { text, said } = withoutSep(head)
  const delimiter = asked ?? said ?? delimiterOf(text)
  async function* all() {
    try {
      yield text
      while (!isOver) {
        const next = await reading.next()
        if (next.done) return
        yield next.value
      }
    } finally {
      await reading.return?.()
    }
  }
  return { delimiter, batches: parsed(all(), DELIMITERS[delimiter]) }
}

async function* parsed(pieces: AsyncIterable<string>, delimiter: string): AsyncGenerator<NumberedRecord[]> {
  let records: NumberedRecord[] = []
  let count = 0
  let widest = 0
  // What the parser bounds is the text of the cells, and those that are empty have none.
  let unended = 0
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: LIMITS.importRowLength,
    // Taken here instead of through the stream, which is slow for so small things.
    on_record(cells: string[], { empty_lines }) {
      count += 1
      records.push({ row: count + empty_lines, cells })
      widest = Math.max(widest, cells.length)
      // Else it makes an error, with its stack, of each row that is not as wide as the first: ten times the work.
      seen.records = 0
      return null
    },
  })
  // Safe because it is the parser's own, which only its types call read-only.
  const seen = parser.info as { records: number; empty_lines: number }
  // What goes wrong is seen by `errored`, at once.
  parser.on('error', () => undefined).resume()
  const rowsSeen = () => count + seen.empty_lines
  const takeAll = () => {
    if (parser.errored !== null) throw inWords(parser.errored, rowsSeen())
    if (unended > LIMITS.importRowLength) throw tooLong(rowsSeen() + 1)
    if (widest > CELLS_AT_MOST) {
      const { row } = records.find(({ cells }) => cells.length === widest)!
      throw unreadable(`Row ${row} has ${widest.toLocaleString('en')} cells, which no spreadsheet has.`)
    }
    const taken = records
    records = []
    return taken
  }
  const turn = turns()
  try {
    for await (const piece of pieces) {
      for (const slice of slicesOf(piece)) {
        await turn()
        const before = rowsSeen()
        parser.write(slice)
        unended = rowsSeen() > before ? 0 : unended + slice.length
        if (rowsSeen() > LIMITS.importRows) throw tooMany()
        const taken = takeAll()
        if (taken.length > 0) yield taken
      }
    }
    const closed = once(parser, 'close')
    parser.end()
    await closed.catch(() => undefined)
    yield takeAll()
  } finally {
    parser.destroy()
  }
}

/** A text in parts, none of which ends within a letter. */
function* slicesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const isWithin = (text.charCodeAt(at + SLICE_LENGTH - 1) & 0xfc00) === 0xd800
    const end = at + SLICE_LENGTH + (isWithin ? 1 : 0)
    yield text.slice(at, end)
    at = end
  }
}

function tooMany() {
  return unreadable(`The file has more than ${LIMITS.importRows.toLocaleString('en')} rows.`, 'Split it.')
}

function tooLong(row: number) {
  const most = LIMITS.importRowLength.toLocaleString('en')
  return unreadable(`Row ${row} is longer than ${most} characters: perhaps a quote (") in it is not closed.`)
}

function inWords(error: Error, before: number) {
  const code = error instanceof CsvError ? error.code : ''
  const row = before + 1
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLong(row)
  if (code === 'CSV_QUOTE_NOT_CLOSED') return unreadable(`A quote (") is opened in row ${row} and never closed.`)
  return unreadable(`Row ${row} cannot be read as CSV.`)
}
