import { setImmediate } from 'node:timers/promises'
import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { announce } from '../changes.ts'
import type { DoStep, JobAtWork } from '../project-jobs/step.ts'
import { sumCounts, NO_ROWS, type PieceRow, type RowCounts } from './piece.ts'
import type { ImportPlan } from './plan.ts'
import { rowReader, type RowProblem, type RowWish } from './rows.ts'
import { storeRows, type StoreOrder } from './store.ts'

/** The process sends mail besides, and the statements of the step go on: both have their turn after so many rows. */
const ROWS_AT_A_TIME = 200

/** Where one of so many rows stays as it is, all are looked at before they are written. */
const REPEATED_AT_LEAST = 8

/** What was asked for, as it is stored with the job. */
export interface ImportOrder extends StoreOrder {
  importId: string
  pieces: number
  rows: number
  plan: ImportPlan
}

/** Takes one piece of a file: stores its contacts, says of which rows it could not, and deletes it. */
export const importStep: DoStep = async (db, job) => {
  const order = job.input as unknown as ImportOrder // Safe because `imports.start` made it.
  const number = Number(job.state['piece'] ?? 0)
  const before = (job.result as RowCounts | null) ?? NO_ROWS // Safe because it was stored below.
  const piece = await readPiece(db, { job, order, number })
  if (piece === undefined)
    return { state: job.state, done: job.done, total: job.done, result: { ...before }, isOver: true }

  const { wishes, problems, rowCount } = piece
  // The database is at work for most of a step: meanwhile the next piece is read.
  const [stored, next] = await Promise.all([
    storeRows(db, wishes, {
      projectId: job.projectId,
      jobId: job.id,
      order,
      isRepeat: job.state['isRepeat'] !== false,
    }),
    readPiece(db, { job, order, number: number + 1 }),
  ])
  await keepProblems(db, job, [...problems, ...stored.problems])
  if (!order.dryRun) {
    await deletePiece(db, job, number)
    await announce(db, job.projectId, 'contacts')
  }
  const counts = sumCounts(before, [{ rows: rowCount, refused: problems.length }, ...stored.counts])
  // As this piece was, the next one mostly is.
  const isRepeat = (counts.unchanged - before.unchanged) * REPEATED_AT_LEAST > rowCount
  return {
    state: { piece: number + 1, isRepeat },
    done: job.done + rowCount,
    total: order.rows,
    result: { ...counts },
    isOver: next === undefined,
    ahead: next,
  }
}

const importIdOf = (job: JobAtWork) => (job.input as unknown as ImportOrder).importId

function pieceOf(db: Db, job: JobAtWork, number: number) {
  return db
    .selectFrom('import_pieces')
    .select(['first_row', 'row_count', 'rows'])
    .where('project_id', '=', job.projectId)
    .where('import_id', '=', importIdOf(job))
    .where('number', '=', number)
    .executeTakeFirst()
}

const deletePiece = (db: Db, job: JobAtWork, number: number) =>
  db
    .deleteFrom('import_pieces')
    .where('project_id', '=', job.projectId)
    .where('import_id', '=', importIdOf(job))
    .where('number', '=', number)
    .execute()

/** Keeps the problems of a piece in the report, until that is full. */
async function keepProblems(db: Db, job: JobAtWork, problems: readonly RowProblem[]): Promise<void> {
  if (problems.length === 0) return
  const importId = importIdOf(job)
  await sql`
    with kept as (
      insert into import_problems (project_id, import_id, row, outcome, column_name, email, code, message)
      select ${job.projectId}::uuid, ${importId}::uuid, row, outcome, "column", email, code, message
      from json_to_recordset(${JSON.stringify(problems)}::json)
        as problem (row integer, outcome text, "column" text, email text, code text, message text)
      order by row
      limit greatest(0, ${LIMITS.importReportRows} - (
        select problem_count from imports where project_id = ${job.projectId} and id = ${importId}))
      returning row
    )
    update imports set problem_count = problem_count + (select count(*) from kept)
    where project_id = ${job.projectId} and id = ${importId}
  `.execute(db)
}

/** A piece of a file as what its rows want, and those that cannot be had. */
interface ReadPiece {
  number: number
  rowCount: number
  wishes: RowWish[]
  problems: RowProblem[]
}

interface WhichPiece {
  job: JobAtWork
  order: ImportOrder
  number: number
}

/** As the step before has read it, or from the database. */
async function readPiece(db: Db, { job, order, number }: WhichPiece): Promise<ReadPiece | undefined> {
  const ahead = job.ahead as ReadPiece | undefined // Safe because only `importStep` makes it.
  if (ahead?.number === number) return ahead
  const piece = number < order.pieces ? await pieceOf(db, job, number) : undefined
  if (piece === undefined) return undefined
  const read = rowReader(order.plan)
  // Whose consent comes with the file, and who says nothing else, agreed.
  const isAgreed =
    order.consent !== null && !order.plan.consent.some(({ to }) => to === 'subscribed' || to === 'status')
  const wishes: RowWish[] = []
  const problems: RowProblem[] = []
  const rows = JSON.parse(piece.rows) as PieceRow[] // Safe because the upload stored it.
  let row = piece.first_row
  for (const [index, cells] of rows.entries()) {
    if (index % ROWS_AT_A_TIME === 0) await setImmediate()
    if (typeof cells === 'number') {
      row += cells
      continue
    }
    const found = read(row, cells)
    row += 1
    if ('problem' in found) problems.push(found.problem)
    else wishes.push({ ...found.wish, subscribed: found.wish.subscribed ?? (isAgreed ? true : undefined) })
  }
  return { number, rowCount: piece.row_count, wishes, problems }
}
