import type { AccountAct } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { newId } from '../ids.ts'

export interface AccountEntry {
  userId: string
  action: AccountAct
  ip?: string | undefined
  userAgent?: string | undefined
  detail?: Record<string, unknown>
}

/** Keeps what somebody did to their own account, which is of no project. Nothing is ever changed or deleted there. */
export async function noteAccountAct(db: Db, entry: AccountEntry): Promise<void> {
  await db
    .insertInto('auth.account_log')
    .values({
      id: newId(),
      user_id: entry.userId,
      action: entry.action,
      ip: entry.ip || null,
      user_agent: entry.userAgent || null,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute()
}
