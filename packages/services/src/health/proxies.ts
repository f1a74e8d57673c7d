import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { HealthCheck } from './check.ts'

/** Keeps that requests say whom they come from, and whether any proxy is trusted to say so. */
export async function noteForwarding(db: Db, isTrusted: boolean): Promise<void> {
  await db
    .updateTable('instance_setup')
    .set({ forwarded_at: isTrusted ? null : sql<Date>`now()` })
    .execute()
}

/** Without its proxy being trusted, an instance takes everybody for the proxy: limits by address hold for all at once. */
export async function checkProxies(db: Db): Promise<HealthCheck> {
  const name = 'proxies'
  const seen = await db
    .selectFrom('instance_setup')
    .select('forwarded_at')
    .where('forwarded_at', '>', sql<Date>`now() - interval '1 day'`)
    .executeTakeFirst()
  if (seen === undefined) {
    return { name, status: 'ok', message: 'No request of the last day came through a proxy that is not trusted.' }
  }
  return {
    name,
    status: 'warning',
    message:
      'Requests come with X-Forwarded-For, and no proxy is trusted: all callers behind one count as one address.',
    advice: 'Set TRUSTED_PROXIES to the address of the proxy. Without a proxy this is the doing of a caller.',
  }
}
