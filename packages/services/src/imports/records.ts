import { once } from 'node:events'
import { LIMITS } from '@posthorn/contracts'
import { CsvError, parse } from 'csv-parse'
import { DELIMITERS, delimiterOf, type Delimiter } from './delimiter.ts'
import { unreadable } from './unreadable.ts'

export interface Records {
  delimiter: Delimiter
  /** As many as came of one piece of text, in their order. Empty lines are records of one empty cell. */
  batches: AsyncIterable<string[][]>
}

const SNIFFED = 64 * 1024
/** What the widest row of a spreadsheet has. */
const CELLS_AT_MOST = 16_384

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
  const delimiter = asked ?? delimiterOf(head)
  async function* all() {
    try {
      yield head
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

async function* parsed(pieces: AsyncIterable<string>, delimiter: string): AsyncGenerator<string[][]> {
  let records: string[][] = []
  let count = 0
  let widest = 0
  // What the parser bounds is the text of the cells, and those that are empty have none.
  let unended = 0
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: LIMITS.importRowLength,
    // Taken here instead of through the stream, which is slow for so small things.
    on_record(record: string[]) {
      records.push(record)
      count += 1
      widest = Math.max(widest, record.length)
      unended = 0
      return null
    },
  })
  // What goes wrong is seen by `errored`, at once.
  parser.on('error', () => undefined).resume()
  const takeAll = () => {
    if (parser.errored !== null) throw inWords(parser.errored, count)
    if (unended > LIMITS.importRowLength) throw tooLong(count + 1)
    if (widest > CELLS_AT_MOST) {
      const row = count - records.length + 1 + records.findIndex(({ length }) => length === widest)
      throw unreadable(`Row ${row} has ${widest.toLocaleString('en')} cells, which no spreadsheet has.`)
    }
    const taken = records
    records = []
    return taken
  }
  try {
    for await (const piece of pieces) {
      if (piece === '') continue
      unended += piece.length
      parser.write(piece)
      const taken = takeAll()
      if (taken.length > 0) yield taken
    }
    const closed = once(parser, 'close')
    parser.end()
    await closed.catch(() => undefined)
    yield takeAll()
  } finally {
    parser.destroy()
  }
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
