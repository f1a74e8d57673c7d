import { LIMITS, type Input } from '@posthorn/contracts'
import { transact, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { bodyOf, shownName, type ReceivedBody } from '../body.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Delimiter } from './delimiter.ts'
import { columnsOf, isHeader, namesOf } from './guess.ts'
import type { PieceRow } from './piece.ts'
import { recordsOf } from './records.ts'
import { DAMAGED, SAY_ENCODING, textOf } from './text.ts'
import { unreadable } from './unreadable.ts'

/** So many rows, and so much JSON, are stored, and later imported, at once. */
const PIECE_ROWS = 5_000
const PIECE_LENGTH = 2 * 1024 * 1024
/** What the guesses look at, where it is no more than a piece. */
const GUESSED_ROWS = 1_000
/** The quotes and the comma of a cell in JSON: a million empty cells are not nothing. */
const SIGNS = 3
/** An upload from which nothing came for so long was given up by the API before. */
export const ABANDONED_MINUTES = 15

interface Where {
  projectId: string
  id: string
}

/** Takes a file as it arrives, and stores it piece by piece; nothing stays of one that is refused or breaks off. */
export async function storeUpload(ctx: Context, input: Input<'imports', 'upload'>): Promise<string> {
  const body = bodyOf(ctx)
  const where = { projectId: ctx.actor.projectId, id: newId() }
  await begin(ctx.db, where, input.filename ?? shownName(body.filename))
  try {
    await storePieces(ctx.db, where, { input, ...body })
  } catch (error) {
    // Where that fails as well, the housekeeping finds it.
    await removeImport(ctx.db, where).catch(() => undefined)
    throw error
  }
  return where.id
}

export const removeImport = (db: Db, { projectId, id }: Where) =>
  db.deleteFrom('imports').where('project_id', '=', projectId).where('id', '=', id).execute()

async function begin(db: Db, { projectId, id }: Where, filename: string | undefined): Promise<void> {
  await transact(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`uploads ${projectId}`}, 0))`.execute(trx)
    const { rows: arriving } = await sql`
      select from imports where project_id = ${projectId} and uploaded_at is null
        and touched_at > now() - make_interval(mins => ${ABANDONED_MINUTES})
    `.execute(trx)
    if (arriving.length >= LIMITS.uploadsAtOnce) {
      throw new ApiError('TOO_MANY_UPLOADS', `The project uploads ${arriving.length} files already.`, {
        suggestion: 'Wait until one of them has arrived.',
        retryAfterSeconds: 30,
      })
    }
    await requireRoom(trx, projectId)
    await trx
      .insertInto('imports')
      .values({ project_id: projectId, id, filename: filename ?? null })
      .execute()
  })
}

/** What waits to be imported is kept for a day, and a project must not fill the disk of all with it. */
async function requireRoom(db: Db, projectId: string): Promise<void> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(stored_bytes), 0)::float8 as bytes from imports
    where project_id = ${projectId} and exists (
      select from import_pieces piece where piece.project_id = imports.project_id and piece.import_id = imports.id)
  `.execute(db)
  if ((rows[0]?.bytes ?? 0) < LIMITS.importBytesPerProject) return
  throw new ApiError('TOO_MANY_FILES', 'The files that the project has not imported are as large as they may be.', {
    suggestion: 'Import them, or delete those that are not wanted; `GET /v1/imports` lists them.',
  })
}

interface Arriving extends Pick<ReceivedBody, 'chunks' | 'signal'> {
  input: Input<'imports', 'upload'>
}

async function storePieces(db: Db, where: Where, { input, chunks, signal }: Arriving): Promise<void> {
  let bytes = 0
  async function* counted() {
    for await (const chunk of chunks) {
      bytes += chunk.length
      yield chunk
    }
  }
  const text = await textOf(counted(), input.encoding)
  const { delimiter, batches } = await recordsOf(whileWanted(text.pieces, signal), input.delimiter)
  const rows = rowTaker(input.header)
  const sink = pieceSink(db, where)
  for await (const batch of batches) {
    for (const record of batch) {
      const cells = rows.take(record.cells)
      if (cells !== undefined) sink.add(cells, record.row)
    }
    await sink.flushFull()
  }
  if (rows.names === undefined) throw unreadable('The file has no rows.')
  await sink.flush()
  await finish(db, where, {
    encoding: text.encoding(),
    delimiter,
    columns: JSON.stringify(columnsOf(rows.names, rows.first)),
    row_count: sink.rows,
    byte_count: bytes,
  })
}

/** A little that arrived can unpack to very much, so it is not enough that nothing more arrives. */
async function* whileWanted(pieces: AsyncIterable<string>, signal: AbortSignal | undefined): AsyncGenerator<string> {
  for await (const piece of pieces) {
    signal?.throwIfAborted()
    yield piece
  }
}

/** Tells the header from the rows. */
function rowTaker(header: boolean | undefined) {
  const taker = {
    names: undefined as string[] | undefined,
    /** Rows that show what the columns are. */
    first: [] as string[][],
    length: 0,
    /** The cells of a row; undefined where nothing has to be stored of it. */
    take(record: string[]): string[] | undefined {
      if (record.every((cell) => cell.trim() === '')) return undefined
      if (taker.names === undefined) {
        if (record.length > LIMITS.importColumns) {
          throw unreadable(`The file has ${record.length} columns, and at most ${LIMITS.importColumns} are taken.`)
        }
        if (record.some((cell) => cell.includes(DAMAGED))) {
          throw unreadable('The first row has bytes that are not UTF-8.', SAY_ENCODING)
        }
        const hasHeader = header ?? isHeader(record)
        taker.names = namesOf(record, hasHeader)
        if (hasHeader) return undefined
      }
      const cells = fitted(record, taker.names.length)
      if (taker.first.length < GUESSED_ROWS && taker.length < PIECE_LENGTH) {
        taker.first.push(cells)
        taker.length += lengthOf(cells)
      }
      return cells
    },
  }
  return taker
}

const lengthOf = (cells: readonly string[]) => cells.reduce((length, cell) => length + cell.length + SIGNS, 0)

/** Of the cells that are too many one is enough to tell that there are. */
function fitted(record: string[], width: number): string[] {
  if (record.length <= width) return record
  const extra = record.slice(width).find((cell) => cell.trim() !== '')
  return [...record.slice(0, width), ...(extra === undefined ? [] : [extra])]
}

/** Gathers rows and stores them, so many at a time. */
function pieceSink(db: Db, { projectId, id }: Where) {
  let gathered: PieceRow[] = []
  let count = 0
  let length = 0
  let firstRow = 0
  let nextRow = 0
  let number = 0
  const sink = {
    /** How many rows are not blank. */
    rows: 0,
    full: [] as { number: number; firstRow: number; count: number; rows: PieceRow[] }[],
    add(cells: string[], row: number) {
      if (count === 0) firstRow = row
      else if (row > nextRow) gathered.push(row - nextRow)
      gathered.push(cells)
      nextRow = row + 1
      count += 1
      sink.rows += 1
      length += lengthOf(cells)
      if (count >= PIECE_ROWS || length >= PIECE_LENGTH) close()
    },
    async flushFull() {
      for (const piece of sink.full.splice(0)) await store(piece)
    },
    async flush() {
      close()
      await sink.flushFull()
    },
  }
  const close = () => {
    if (count === 0) return
    sink.full.push({ number, firstRow, count, rows: gathered })
    number += 1
    gathered = []
    count = 0
    length = 0
  }
  const store = async ({ number, firstRow, count, rows }: (typeof sink.full)[number]) => {
    const stored = JSON.stringify(rows)
    const { numAffectedRows } = await sql`
      with arriving as (
        update imports set touched_at = now(), stored_bytes = stored_bytes + ${Buffer.byteLength(stored)}::integer
        where project_id = ${projectId} and id = ${id}
          and exists (select from projects where id = ${projectId} and deleted_at is null)
        returning id
      )
      insert into import_pieces (project_id, import_id, number, first_row, row_count, rows)
      select ${projectId}::uuid, id, ${number}, ${firstRow}, ${count}, ${stored}
      from arriving
    `.execute(db)
    if (numAffectedRows === 0n) throw new ApiError('IMPORT_NOT_FOUND', 'The import was deleted while it arrived.')
  }
  return sink
}

interface Facts {
  encoding: string
  delimiter: Delimiter
  columns: string
  row_count: number
  byte_count: number
}

async function finish(db: Db, { projectId, id }: Where, facts: Facts): Promise<void> {
  const done = await db
    .updateTable('imports')
    .set({ ...facts, uploaded_at: sql<Date>`now()`, touched_at: sql<Date>`now()` })
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw new ApiError('IMPORT_NOT_FOUND', 'The import was deleted while it arrived.')
}
