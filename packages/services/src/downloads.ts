import { FILE_FORMATS, type FileFormat, type NamedOperation } from '@posthorn/contracts'
import { isUnavailable, unavailable } from './errors.ts'
import { csvWriter } from './exports/csv-file.ts'

/** What an operation reads that answers with a file. Nothing is read before it is asked for. */
export interface Rows<Row> {
  /** What the file is called, before the day and the ending. */
  name: string
  /** The fields of `data` that have a column of their own in CSV, as far as there is room; the first ones go first. */
  fields?: readonly string[]
  batches: AsyncIterable<readonly Row[]>
}

/** A file that is made while it is read. */
export interface Download {
  filename: string
  type: string
  pieces: AsyncIterable<string>
}

/** A row as it goes over the wire. */
export type WireRow = Record<string, unknown>

/** Makes the file of what was read, with each row cut down to what was promised. */
export function asDownload(operation: NamedOperation, input: unknown, rows: Rows<unknown>): Download {
  const { format, bom = false } = input as { format: FileFormat; bom?: boolean } // Safe because each such input has it.
  const day = new Date().toISOString().slice(0, 10)
  return {
    filename: `${rows.name}-${day}.${format}`,
    type: FILE_FORMATS[format],
    pieces: piecesOf(inWords(rows.batches), {
      encode: (row) => operation.output.encode(row as never),
      ...writers(operation, rows.fields)[format](bom),
    }),
  }
}

interface Writer {
  /** Stands before the first row, and is written together with it. */
  head: string
  write(rows: WireRow[]): string
  /** Between one batch and the next. */
  between: string
  /** In place of a batch that is empty. */
  pause: string
  end: string
}

const writers = (
  { output }: NamedOperation,
  fields: readonly string[] | undefined,
): Record<FileFormat, (bom: boolean) => Writer> => ({
  csv(bom) {
    const { head, write } = csvWriter(output, fields)
    return { head: `${bom ? '\ufeff' : ''}${head}`, write, between: '', pause: '', end: '' }
  },
  jsonl: () => ({ head: '', write: (rows) => rows.map(asLine).join(''), between: '', pause: '', end: '' }),
  json: () => ({
    head: '[\n',
    write: (rows) => rows.map((row) => JSON.stringify(row)).join(',\n'),
    between: ',\n',
    // Means nothing in JSON, and shows everybody on the way that the connection lives.
    pause: '\n',
    end: '\n]\n',
  }),
})

const asLine = (row: WireRow) => `${JSON.stringify(row)}\n`

/** What goes wrong while it is read is said as it would be of any answer. */
async function* inWords<Batch>(batches: AsyncIterable<Batch>) {
  try {
    yield* batches
  } catch (error) {
    throw isUnavailable(error) ? unavailable(error) : error
  }
}

async function* piecesOf(
  batches: AsyncIterable<readonly unknown[]>,
  { encode, head, write, between, pause, end }: Writer & { encode: (row: unknown) => WireRow },
) {
  let before = head
  for await (const batch of batches) {
    if (batch.length === 0) {
      if (pause !== '') yield pause
      continue
    }
    yield before + write(batch.map(encode))
    before = between
  }
  const last = (before === head ? head : '') + end
  if (last !== '') yield last
}
