import type { Migration } from 'kysely/migration'
import * as firstTables from './0001_first_tables.ts'
import * as accounts from './0002_accounts.ts'
import * as jobs from './0003_jobs.ts'
import * as projectJobs from './0004_project_jobs.ts'
import * as templates from './0005_templates.ts'
import * as eventNames from './0006_event_names.ts'
import * as consentLog from './0007_consent_log.ts'
import * as contactFields from './0008_contact_fields.ts'
import * as consent from './0009_consent.ts'
import * as imports from './0010_imports.ts'
import * as events from './0012_events.ts'
import * as rateLimits from './0013_rate_limits.ts'
import * as images from './0014_images.ts'
import * as analytics from './0015_analytics.ts'

/** Listed, not scanned: what runs is what is written here, in this order. */
export const migrations: Record<string, Migration> = {
  '0001_first_tables': firstTables,
  '0002_accounts': accounts,
  '0003_jobs': jobs,
  '0004_project_jobs': projectJobs,
  '0005_templates': templates,
  '0006_event_names': eventNames,
  '0007_consent_log': consentLog,
  '0008_contact_fields': contactFields,
  '0009_consent': consent,
  '0010_imports': imports,
  '0012_events': events,
  '0013_rate_limits': rateLimits,
  '0014_images': images,
  '0015_analytics': analytics,
}
