import { IMAGE_TYPES, type Output } from '@posthorn/contracts'
import { auditPerson } from '../audit.ts'
import { bodyOf, shownName, type ReceivedBody } from '../body.ts'
import { inTransaction } from '../context.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { ApiError } from '../errors.ts'
import type { Handlers } from '../handlers.ts'
import { imagePath } from './serve.ts'
import { SHOWN_COLUMNS, storeImage, type ImageRow } from './store.ts'

export const images: Handlers<'images'> = {
  async list({ db, actor, runtime }, { limit, cursor }) {
    const before = readCursor(cursor)
    const rows = await db
      .selectFrom('images')
      .select(SHOWN_COLUMNS)
      .where('project_id', '=', actor.projectId)
      .$if(before !== undefined, (query) => query.where('id', '<', before as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => present(runtime.publicUrl, row))
  },

  async upload(ctx, { name }) {
    const body = bodyOf(ctx)
    const bytes = await wholeOf(body)
    return present(
      ctx.runtime.publicUrl,
      await storeImage(ctx, { name: shownName(name ?? body.filename) ?? 'picture', bytes }),
    )
  },

  delete: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      const gone = await ctx.db
        .deleteFrom('images')
        .where('project_id', '=', ctx.actor.projectId)
        .where('id', '=', id)
        .returning('name')
        .executeTakeFirst()
      if (gone === undefined) throw new ApiError('IMAGE_NOT_FOUND', 'The project has no such picture.')
      await auditPerson(ctx, { action: 'image.deleted', target: id, detail: { name: gone.name } })
      return {}
    }),
}

/** As large as the contract lets it be, and no picture is known before it is whole. */
async function wholeOf({ chunks }: ReceivedBody): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

const present = (publicUrl: string, row: ImageRow): Output<'images', 'list'>['data'][number] => ({
  id: row.id,
  url: publicUrl + imagePath({ projectId: row.project_id, hash: row.hash, type: row.type }),
  name: row.name,
  contentType: IMAGE_TYPES[row.type],
  width: row.width,
  height: row.height,
  sizeBytes: row.size_bytes,
  createdAt: row.created_at,
})
