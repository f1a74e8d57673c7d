import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Bucket } from './bucket.ts'

/** Longer than an upload can take from when it says what it will put until its row is there. */
const UPLOAD_MINUTES = 60

export interface ObjectOf {
  projectId: string
  /** SHA-256 of the bytes. */
  hash: Buffer
}

/** What an object is called in the bucket. */
export const objectKey = ({ projectId, hash }: ObjectOf): string => `${projectId}/${hash.toString('hex')}`

/**
 * Notes, before an object is put, that it goes again unless a picture stands for it by then. So none stays that nobody
 * knows of, wherever the upload is stopped.
 */
export async function expectObject(db: Db, { projectId, hash }: ObjectOf): Promise<void> {
  await sql`
    insert into image_removals (project_id, hash, due_at)
    values (${projectId}, ${hash}, now() + make_interval(mins => ${UPLOAD_MINUTES}))
    on conflict (project_id, hash) do update set due_at = greatest(image_removals.due_at, excluded.due_at)
  `.execute(db)
}

/**
 * Deletes the objects that are due and that no picture stands for, one after the other. Can be killed anywhere: an object
 * that is gone already is deleted once more.
 */
export async function removeObjects(db: Db, bucket: Bucket): Promise<number> {
  let removed = 0
  for (;;) {
    const isGone = await db.transaction().execute((trx) => removeOne(trx, bucket))
    if (isGone === undefined) return removed
    if (isGone) removed += 1
  }
}

/** An upload of the same bytes waits at the row until the object is gone, and then puts it anew. */
async function removeOne(db: Db, bucket: Bucket): Promise<boolean | undefined> {
  const { rows } = await sql<{ projectId: string; hash: Buffer; isUsed: boolean }>`
    select project_id as "projectId", hash, exists (
      select from images where images.project_id = image_removals.project_id and images.hash = image_removals.hash
    ) as "isUsed"
    from image_removals where due_at <= now() order by due_at limit 1 for update skip locked
  `.execute(db)
  const [due] = rows
  if (due === undefined) return undefined
  if (!due.isUsed) await bucket.remove(objectKey(due))
  await db.deleteFrom('image_removals').where('project_id', '=', due.projectId).where('hash', '=', due.hash).execute()
  return !due.isUsed
}
