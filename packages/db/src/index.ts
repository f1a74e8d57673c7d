export { CHANGES_CHANNEL, toldChange } from './changes.ts'
export { connect, type Connection, type ConnectOptions, type Db } from './client.ts'
export { migrate, migrateToLatest, pendingMigrations } from './migrate.ts'
export type { StoredActor, StoredMailbox, StoredRole, Tables } from './tables.ts'
