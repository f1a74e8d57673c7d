import type { Input, Noun, Operations, Output, Verb } from '@posthorn/contracts'
import { requests } from './api-log/requests.ts'
import { addresses } from './addresses/addresses.ts'
import { audit } from './audit-log.ts'
import { contacts } from './contacts/contacts.ts'
import type { Context } from './context.ts'
import { emails } from './emails/emails.ts'
import { events } from './events/events.ts'
import { inbox } from './inbox.ts'
import { jobs } from './project-jobs/jobs.ts'
import { keys } from './keys/keys.ts'
import { project } from './project.ts'
import { stats } from './stats.ts'
import { templates } from './templates/templates.ts'

/** What implements a noun: one function per verb of the table. */
export type Handlers<N extends Noun> = {
  [V in Verb<N>]: (ctx: Context, input: Input<N, V>) => Promise<Output<N, V>>
}

export const handlers: { [N in keyof Operations]: Handlers<N> } = {
  emails,
  events,
  contacts,
  templates,
  addresses,
  project,
  stats,
  keys,
  inbox,
  jobs,
  requests,
  audit,
}

/** These share their commit with other calls, and take their Idempotency-Key along into it. */
export const COMMITS_IN_GROUPS: ReadonlySet<string> = new Set(['emails.send', 'emails.sendBatch', 'events.track'])
