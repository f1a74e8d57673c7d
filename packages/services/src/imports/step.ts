import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { announce } from '../changes.ts'
import type { DoStep, JobAtWork } from '../project-jobs/step.ts'
import { addCounts, NO_ROWS, type RowCounts } from './piece.ts'
import type { ImportPlan } from './plan.ts'
import { rowReader, type RowProblem, type RowWish } from './rows.ts'
import { storeRows, type StoreOrder } from './store.ts'

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
  const piece = await pieceOf(db, job, number)
  const before = (job.result as RowCounts | null) ?? NO_ROWS // Safe because it was stored below.
  if (piece === undefined)
    return { state: job.state, done: job.done, total: job.done, result: { ...before }, isOver: true }

  const { wishes, problems } = readPiece(order, piece)
  const stored = await storeRows(db, wishes, { projectId: job.projectId, order })
  await keepProblems(db, job, [...problems, ...stored.problems])
  if (!order.dryRun) {
    await deletePiece(db, job, number)
    await announce(db, job.projectId, 'contacts')
  }
  const counts = [{ rows: piece.row_count, refused: problems.length }, ...stored.counts].reduce<RowCounts>(
    addCounts,
    before,
  )
  return {
    state: { piece: number + 1 },
    done: job.done + piece.row_count,
    total: order.rows,
    result: { ...counts },
    isOver: number + 1 >= order.pieces,
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

function readPiece({ plan, consent }: ImportOrder, piece: { first_row: number; rows: string }) {
  const read = rowReader(plan)
  // Whose consent comes with the file, and who says nothing else, agreed.
  const isAgreed = consent !== null && !plan.consent.some(({ to }) => to === 'subscribed' || to === 'status')
  const wishes: RowWish[] = []
  const problems: RowProblem[] = []
  const rows = JSON.parse(piece.rows) as string[][] // Safe because the upload stored it.
  for (const [index, cells] of rows.entries()) {
    if (cells.length === 0) continue
    const found = read(piece.first_row + index, cells)
    if ('problem' in found) problems.push(found.problem)
    else wishes.push({ ...found.wish, subscribed: found.wish.subscribed ?? (isAgreed ? true : undefined) })
  }
  return { wishes, problems }
}
