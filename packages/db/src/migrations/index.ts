import type { Migration } from 'kysely/migration'
import * as firstTables from './0001_first_tables.ts'
import * as accounts from './0002_accounts.ts'
import * as jobs from './0003_jobs.ts'
import * as projectJobs from './0004_project_jobs.ts'
import * as templates from './0005_templates.ts'
import * as eventNames from './0006_event_names.ts'
import * as consentLog from './0007_consent_log.ts'

/** Listed, not scanned: what runs is what is written here, in this order. */
export const migrations: Record<string, Migration> = {
  '0001_first_tables': firstTables,
  '0002_accounts': accounts,
  '0003_jobs': jobs,
  '0004_project_jobs': projectJobs,
  '0005_templates': templates,
  '0006_event_names': eventNames,
  '0007_consent_log': consentLog,
}
