import type { Input, Output } from '@posthorn/contracts'
import type { Context } from '../context.ts'
import { badCursor, readCursor, writeCursor } from '../cursor.ts'
import type { Rows } from '../downloads.ts'
import { getImport } from './read.ts'

type Problem = Output<'imports', 'problems'>['data'][number]

const ROWS_AT_ONCE = 1_000

/** One page of the rows that were not stored as they stand in the file. */
export async function listProblems(ctx: Context, { id, limit, cursor }: Input<'imports', 'problems'>) {
  await getImport(ctx, id)
  const rows = await problemsAfter(ctx, { id, after: rowOf(cursor), limit: limit + 1 })
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  const hasMore = rows.length > limit
  return { data, cursor: hasMore && last ? writeCursor(placeOf(last.row)) : null, hasMore }
}

/** All of them, as a file. */
export async function reportOf(ctx: Context, { id }: Input<'imports', 'report'>): Promise<Rows<Problem>> {
  await getImport(ctx, id)
  async function* batches() {
    let after = 0
    for (;;) {
      const rows = await problemsAfter(ctx, { id, after, limit: ROWS_AT_ONCE })
      yield rows
      if (rows.length < ROWS_AT_ONCE) return
      after = rows.at(-1)?.row ?? after
    }
  }
  return { name: 'import-report', batches: batches() }
}

interface Span {
  id: string
  after: number
  limit: number
}

function problemsAfter({ db, actor }: Context, { id, after, limit }: Span): Promise<Problem[]> {
  return db
    .selectFrom('import_problems')
    .select(['row', 'outcome', 'column_name as column', 'email', 'code', 'message'])
    .where('project_id', '=', actor.projectId)
    .where('import_id', '=', id)
    .where('row', '>', after)
    .orderBy('row')
    .limit(limit)
    .execute()
}

/** A row in the shape of an id, which is what cursors hold. */
const placeOf = (row: number) => `00000000-0000-0000-0000-${row.toString(16).padStart(12, '0')}`

function rowOf(cursor: string | undefined): number {
  const place = readCursor(cursor)
  if (place === undefined) return 0
  const row = Number.parseInt(place.slice(-12), 16)
  if (place !== placeOf(row) || row > 0x7fff_ffff) throw badCursor()
  return row
}
