export { connect, type Connection, type ConnectOptions, type Db } from './client.ts'
export { migrate, migrateToLatest, pendingMigrations } from './migrate.ts'
export type { StoredActor, StoredMailbox, Tables } from './tables.ts'
