import type { Migration } from 'kysely/migration'
import * as firstTables from './0001_first_tables.ts'

/** Listed, not scanned: what runs is what is written here, in this order. */
export const migrations: Record<string, Migration> = {
  '0001_first_tables': firstTables,
}
