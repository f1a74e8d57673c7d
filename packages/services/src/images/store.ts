import { createHash } from 'node:crypto'
import { IMAGE_TYPES, LIMITS } from '@posthorn/contracts'
import type { Tables } from '@posthorn/db'
import { sql, type Selectable } from 'kysely'
import { auditPerson } from '../audit.ts'
import { inTransaction, type Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { newId } from '../ids.ts'
import { expectObject, objectKey } from './objects.ts'

export type ImageRow = Selectable<Omit<Tables['images'], 'content'>>

export const SHOWN_COLUMNS = [
  'project_id',
  'id',
  'hash',
  'name',
  'type',
  'width',
  'height',
  'size_bytes',
  'created_at',
] as const

/** Keeps a picture. The same bytes again are the same picture, under its first name. */
export async function storeImage(ctx: Context, { name, bytes }: { name: string; bytes: Buffer }): Promise<ImageRow> {
  const { projectId } = ctx.actor
  const { bucket } = ctx.runtime
  // It knows some twenty formats, and takes long to load.
  const { inspectImage } = await import('./inspect.ts')
  const facts = inspectImage(bytes)
  const hash = createHash('sha256').update(bytes).digest()
  const known = await findByHash(ctx, hash)
  if (known !== undefined) return known
  await requireRoom(ctx, bytes.length)
  if (bucket !== undefined) {
    // By a commit of its own, before the object is there.
    await expectObject(ctx.runtime.db, { projectId, hash })
    await bucket.put(objectKey({ projectId, hash }), { bytes, contentType: IMAGE_TYPES[facts.type], hash })
  }
  return inTransaction(ctx, async (ctx) => {
    await sql`select from projects where id = ${projectId} for no key update`.execute(ctx.db)
    const meanwhile = await findByHash(ctx, hash)
    if (meanwhile !== undefined) return meanwhile
    await requireRoom(ctx, bytes.length)
    const row = await ctx.db
      .insertInto('images')
      .values({
        project_id: projectId,
        id: newId(),
        hash,
        name,
        ...facts,
        size_bytes: bytes.length,
        content: bucket === undefined ? bytes : null,
      })
      .returning(SHOWN_COLUMNS)
      .executeTakeFirstOrThrow()
    await auditPerson(ctx, { action: 'image.uploaded', target: row.id, detail: { name } })
    return row
  })
}

const findByHash = ({ db, actor }: Context, hash: Buffer): Promise<ImageRow | undefined> =>
  db
    .selectFrom('images')
    .select(SHOWN_COLUMNS)
    .where('project_id', '=', actor.projectId)
    .where('hash', '=', hash)
    .executeTakeFirst()

async function requireRoom({ db, actor }: Context, bytes: number): Promise<void> {
  const { rows } = await sql<{ count: number; bytes: number }>`
    select count(*)::int as count, coalesce(sum(size_bytes), 0)::float8 as bytes from images
    where project_id = ${actor.projectId}
  `.execute(db)
  const { count = 0, bytes: held = 0 } = rows[0] ?? {}
  if (count >= LIMITS.imagesPerProject) {
    throw new ApiError('TOO_MANY_IMAGES', `The project has ${count} pictures, and no project has more.`)
  }
  if (held + bytes > LIMITS.imageBytesPerProject) {
    throw new ApiError('TOO_MANY_IMAGES', `The pictures of a project are ${LIMITS.imageBytesPerProject} bytes at most.`)
  }
}
