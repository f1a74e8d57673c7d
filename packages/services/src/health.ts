import type { Db } from '@posthorn/db'
import type { HealthCheck } from './health/check.ts'
import { checkClock, checkDatabase, checkDurability, checkMigrations } from './health/database.ts'
import { checkProxies } from './health/proxies.ts'
import { checkQueue } from './health/queue.ts'
import { probeRelays } from './health/probe.ts'
import { checkRelays } from './health/relays.ts'
import { checkSecret, checkSecretForm } from './health/secret.ts'

export type { HealthCheck } from './health/check.ts'

export interface Instance {
  db: Db
  secret: string | undefined
  /** The relays that mail goes to; undefined: the built-in inbox. */
  smtpUrls?: readonly string[] | undefined
}

/**
 * Looks at everything that an instance keeps and at where its mail goes. Changes and sends nothing, and answers also
 * when the database does not.
 */
export async function checkHealth({ smtpUrls, ...instance }: Instance): Promise<HealthCheck[]> {
  const [kept, probed] = await Promise.all([checkKept(instance), probeRelays(instance.db, smtpUrls)])
  return [...kept, ...probed]
}

/** Each check stands on those before it: without an answer, or without tables, there is nothing more to look at. */
async function checkKept({ db, secret }: Instance): Promise<HealthCheck[]> {
  const database = await checkDatabase(db)
  if (database.status === 'wrong') return [database, checkSecretForm(secret)]
  const migrations = await settled('migrations', checkMigrations(db))
  const about = [
    database,
    migrations,
    await settled('durability', checkDurability(db)),
    await settled('clock', checkClock(db)),
  ]
  if (migrations.status === 'wrong') return [...about, checkSecretForm(secret)]
  return [
    ...about,
    await settled('secret', checkSecret(db, secret)),
    await settled('queue', checkQueue(db)),
    await settled('proxies', checkProxies(db)),
    ...(await checkRelays(db).catch((error: unknown) => [unsettled('relays', error)])),
  ]
}

async function settled(name: string, check: Promise<HealthCheck>): Promise<HealthCheck> {
  try {
    return await check
  } catch (error) {
    return unsettled(name, error)
  }
}

function unsettled(name: string, error: unknown): HealthCheck {
  const reason = error instanceof Error ? error.message : String(error)
  return { name, status: 'wrong', message: `This could not be looked at (${reason}).` }
}
