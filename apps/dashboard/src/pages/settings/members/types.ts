import { ROLES, type Role, type WirePeopleOutput } from '@posthorn/contracts'

type List = WirePeopleOutput<'members', 'list'>

export type Member = List['members'][number]
export type Invitation = List['invitations'][number]

/** The roles that somebody can give and take. */
export const rolesWithin = (own: Role): Role[] => ROLES.filter((role) => own === 'owner' || role !== 'owner')

export const ROLE_NAMES: Record<Role, string> = { owner: 'Owner', admin: 'Admin', member: 'Member', viewer: 'Viewer' }
