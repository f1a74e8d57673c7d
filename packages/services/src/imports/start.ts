import type { Input, Output } from '@posthorn/contracts'
import { originOf } from '../consent/proof.ts'
import { inTransaction, type Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { startProjectJob } from '../project-jobs/start.ts'
import { planOf } from './plan.ts'
import { getImport, holdImport, isUnderWay } from './read.ts'
import type { ImportOrder } from './step.ts'

/** Begins the job of an import that has arrived, unless it was begun before and not only for a try. */
export const startImport = (ctx: Context, input: Input<'imports', 'start'>): Promise<Output<'imports', 'start'>> =>
  inTransaction(ctx, async (ctx) => {
    const { projectId } = ctx.actor
    const { id, onConflict, dryRun } = input
    // Who starts or deletes it at the same moment waits here, and finds it started.
    await holdImport(ctx, id)
    const found = await getImport(ctx, id)
    if (found.dryRun === false || isUnderWay(found)) {
      throw new ApiError('IMPORT_STARTED', 'The import was started before.', {
        suggestion: 'Upload the file again to import it once more.',
      })
    }
    // What a dry run said of it is over.
    await ctx.db.deleteFrom('import_problems').where('project_id', '=', projectId).where('import_id', '=', id).execute()
    const order: ImportOrder = {
      importId: id,
      pieces: await countPieces(ctx, id),
      rows: found.rows,
      plan: planOf(found.columns, input.columns),
      onConflict,
      dryRun,
      origin: originOf(ctx, 'import'),
      consent: consentOf(input),
    }
    const jobId = await startProjectJob(ctx, 'contacts.import', { ...asJson(order) })
    await ctx.db
      .updateTable('imports')
      .set({
        job_id: jobId,
        dry_run: dryRun,
        problem_count: 0,
        columns: JSON.stringify(chosen(found.columns, input.columns)),
      })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .execute()
    return getImport(ctx, id)
  })

type Columns = Output<'imports', 'get'>['columns']

/** What was chosen is what a column seems to be from now on, for who tries it and comes back. */
const chosen = (columns: Columns, asked: Input<'imports', 'start'>['columns']): Columns =>
  columns.map((column) => {
    if (asked === undefined) return column
    const mapping = asked.find((one) => one.column === column.name)
    return { ...column, suggestion: mapping ?? { column: column.name, to: 'ignore' }, unsure: false }
  })

async function countPieces({ db, actor }: Context, id: string): Promise<number> {
  const { pieces } = await db
    .selectFrom('import_pieces')
    .select(({ fn }) => fn.countAll<string>().as('pieces'))
    .where('project_id', '=', actor.projectId)
    .where('import_id', '=', id)
    .executeTakeFirstOrThrow()
  return Number(pieces)
}

function consentOf({ consent }: Input<'imports', 'start'>): ImportOrder['consent'] {
  if (consent === undefined) return null
  const { at, ...rest } = consent
  return { ...rest, ...(at !== undefined && { at: at.toISOString() }) }
}

/** As it is stored with the job: what is undefined is not there. */
const asJson = (order: ImportOrder) => JSON.parse(JSON.stringify(order)) as Record<string, never>
