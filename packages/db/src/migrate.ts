import { Migrator } from 'kysely/migration'
import { connect, type Db } from './client.ts'
import { migrations } from './migrations/index.ts'

function migrator(db: Db): Migrator {
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
}

/** Brings the schema up to date and says which migrations ran. Safe to call from several processes at once. */
export async function migrate(db: Db): Promise<string[]> {
  const { error, results = [] } = await migrator(db).migrateToLatest()
  if (error !== undefined) throw error
  return results.map(({ migrationName }) => migrationName)
}

/** The migrations that this version has and the database lacks. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const all = await migrator(db).getMigrations()
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}

/** Migrates a database that nobody has connected to yet. */
export async function migrateToLatest(connectionString: string): Promise<void> {
  const { db, close } = connect(connectionString, { poolSize: 1, statementTimeoutMs: 0 })
  try {
    await migrate(db)
  } finally {
    await close()
  }
}
