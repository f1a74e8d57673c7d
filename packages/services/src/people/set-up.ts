import type { Db } from '@posthorn/db'
import { hashToken, newToken } from './tokens.ts'

/** Whether the first account, the one that owns the instance, is still to be made. */
export async function isSetUpNeeded(db: Db): Promise<boolean> {
  const row = await db.selectFrom('instance_setup').select('completed_at').executeTakeFirst()
  return row?.completed_at === null
}

/**
 * A new token that makes the first account, in place of the one before. Undefined once that account was made. For the
 * operator; nothing over the network reaches it.
 */
export async function newSetUpToken(db: Db): Promise<string | undefined> {
  const token = newToken()
  const { numUpdatedRows } = await db
    .updateTable('instance_setup')
    .set({ token_hash: hashToken(token) })
    .where('completed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n ? token : undefined
}
