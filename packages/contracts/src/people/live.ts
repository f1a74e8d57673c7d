import { z } from 'zod'
import type { Permission } from '../roles.ts'

/** What of a project can change under somebody's eyes. */
export const CHANGES = [
  'emails',
  'inbox',
  'contacts',
  'topics',
  'events',
  'jobs',
  'templates',
  'keys',
  'members',
  'project',
  'requests',
  'audit',
] as const
export type Change = (typeof CHANGES)[number]

/** What one must be allowed to read to be told of a change. */
export const CHANGE_PERMISSIONS: Record<Change, Permission> = {
  emails: 'emails:read',
  inbox: 'inbox:read',
  contacts: 'contacts:read',
  topics: 'contacts:read',
  events: 'events:read',
  jobs: 'jobs:read',
  templates: 'templates:read',
  keys: 'keys:read',
  members: 'members:read',
  project: 'project:read',
  requests: 'requests:read',
  audit: 'audit:read',
}

/** That something of the project changed; what exactly is to be asked for again. */
export const ChangeNotice = z.object({ changed: z.array(z.enum(CHANGES)) })
