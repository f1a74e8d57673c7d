import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction } from '../context.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { ApiError } from '../errors.ts'
import type { Handlers } from '../handlers.ts'
import { findImports, getImport, holdImport, isUnderWay, present } from './read.ts'
import { listProblems, reportOf } from './report.ts'
import { startImport } from './start.ts'
import { removeImport, storeUpload } from './upload.ts'

export const imports: Handlers<'imports'> = {
  async upload(ctx, input) {
    const id = await storeUpload(ctx, input)
    await announce(ctx.db, ctx.actor.projectId, 'jobs')
    return getImport(ctx, id)
  },

  start: startImport,

  get: (ctx, { id }) => getImport(ctx, id),

  async list({ db, actor }, { limit, cursor }) {
    const before = readCursor(cursor)
    const rows = await findImports(db, actor.projectId)
      .$if(before !== undefined, (query) => query.where('imports.id', '<', before as string))
      .orderBy('imports.id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, present)
  },

  problems: listProblems,
  report: reportOf,

  delete: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      await holdImport(ctx, id)
      if (isUnderWay(await getImport(ctx, id))) {
        throw new ApiError('IMPORT_RUNNING', 'The import is under way.', { suggestion: 'Cancel its job first.' })
      }
      await removeImport(ctx.db, { projectId: ctx.actor.projectId, id })
      await announce(ctx.db, ctx.actor.projectId, 'jobs')
      await auditPerson(ctx, { action: 'import.deleted', target: id })
      return {}
    }),
}
