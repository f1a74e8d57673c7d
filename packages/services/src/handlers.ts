import type { Input, Noun, Operations, Output, Verb } from '@posthorn/contracts'
import { requests } from './api-log/requests.ts'
import { activity } from './activity/activity.ts'
import { addresses } from './addresses/addresses.ts'
import { analytics } from './analytics/analytics.ts'
import { audit } from './audit-log.ts'
import { contacts } from './contacts/contacts.ts'
import type { Context } from './context.ts'
import type { Rows } from './downloads.ts'
import { emails } from './emails/emails.ts'
import { events } from './events/events.ts'
import { images } from './images/images.ts'
import { imports } from './imports/imports.ts'
import { inbox } from './inbox.ts'
import { jobs } from './project-jobs/jobs.ts'
import { keys } from './keys/keys.ts'
import { project } from './project.ts'
import { stats } from './stats.ts'
import { topics } from './topics/topics.ts'
import { templates } from './templates/templates.ts'

/** What implements a noun: one function per verb of the table. */
export type Handlers<N extends Noun> = {
  [V in Verb<N>]: (
    ctx: Context,
    input: Input<N, V>,
  ) => Promise<Operations[N][V] extends { answers: object } ? Rows<Output<N, V>> : Output<N, V>>
}

export const handlers: { [N in keyof Operations]: Handlers<N> } = {
  emails,
  events,
  contacts,
  imports,
  topics,
  templates,
  images,
  addresses,
  project,
  stats,
  analytics,
  activity,
  keys,
  inbox,
  jobs,
  requests,
  audit,
}

/** These share their commit with other calls, and take their Idempotency-Key along into it. */
export const COMMITS_IN_GROUPS: ReadonlySet<string> = new Set([
  'emails.send',
  'emails.sendBatch',
  'events.track',
  'events.report',
])

/** These do something long before their transaction begins, and take their Idempotency-Key along into it. */
export const COMMITS_BY_ITSELF: ReadonlySet<string> = new Set(['templates.create', 'templates.update'])
