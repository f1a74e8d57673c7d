import { SCOPES, type Scope } from './scopes.ts'

/** What only people can be allowed: a key that leaked must let nobody in, and must not end the project. */
export const PEOPLE_PERMISSION_WORDS = {
  'members:read': 'See who works on the project',
  'members:write': 'Invite people, change their roles and remove them',
  'project:delete': 'Delete the project',
} as const

export type Permission = Scope | keyof typeof PEOPLE_PERMISSION_WORDS

export const PERMISSIONS = [...SCOPES, ...Object.keys(PEOPLE_PERMISSION_WORDS)] as Permission[] // Safe because these are its keys.

export const ROLES = ['owner', 'admin', 'member', 'viewer'] as const
export type Role = (typeof ROLES)[number]

export const ROLE_WORDS: Record<Role, string> = {
  owner: 'Everything, the end of the project included',
  admin: 'Everything but deleting the project and changing its owners',
  member: 'Sends and reads mail, and works with contacts and events',
  viewer: 'Reads, and changes nothing',
}

const READS: readonly Permission[] = [
  'emails:read',
  'events:read',
  'contacts:read',
  'templates:read',
  'inbox:read',
  'jobs:read',
  'project:read',
  'requests:read',
  'keys:read',
  'members:read',
]

/** What each role may do in its project, in the words that keys are given their scopes in. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS.filter((permission) => permission !== 'project:delete'),
  member: [
    ...READS,
    'emails:send',
    'emails:write',
    'events:track',
    'events:write',
    'contacts:write',
    'templates:write',
    'addresses:verify',
    'inbox:write',
    'jobs:write',
  ],
  viewer: READS,
}
