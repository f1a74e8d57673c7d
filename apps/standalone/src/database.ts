import { migrateToLatest } from '@posthorn/db'
import { startEmbeddedPostgres } from '@posthorn/db/embedded'
import { StartError } from '@posthorn/process'
import { DatabaseDeniedError, isDenied, isUnavailable, readOrCreateSecret } from '@posthorn/services'
import type { Env } from './env.ts'

export interface Database {
  connectionString: string
  secret: string
  /** Sentences about where things went, for the operator. */
  notes: string[]
  stop(): Promise<void>
}

/** Opens the database that the environment names, or the embedded one, and brings it up to date. */
export async function openDatabase(env: Env): Promise<Database> {
  // The secret comes first: it also shows whether the data folder can be written to.
  const secret = env.POSTHORN_SECRET ?? (await readOrCreateSecret(env.POSTHORN_DATA_DIR))
  if (env.DATABASE_URL !== undefined) {
    await migrateToLatest(env.DATABASE_URL).catch((error: unknown) => {
      if (error instanceof Error && isDenied(error)) throw new DatabaseDeniedError(error)
      throw isUnavailable(error)
        ? new StartError('The database in DATABASE_URL cannot be reached; check the address and that it runs.')
        : error
    })
    return { connectionString: env.DATABASE_URL, secret, notes: [], stop: () => Promise.resolve() }
  }
  const postgres = await startEmbeddedPostgres({ dataDir: env.POSTHORN_DATA_DIR })
  try {
    await migrateToLatest(postgres.connectionString)
    return { connectionString: postgres.connectionString, secret, notes: postgres.notes, stop: () => postgres.stop() }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}
