import { ROLE_PERMISSIONS, type Permission, type Role } from '@posthorn/contracts'
import { createContext, useContext } from 'react'
import type { ProjectTrpc } from '../api/trpc.ts'

/** The project that the address names, and what one may do in it. */
export interface ProjectScope {
  id: string
  name: string
  role: Role
  /** The server decides; this only spares a button that would be refused. */
  can(permission: Permission): boolean
  trpc: ProjectTrpc
}

export const ProjectContext = createContext<ProjectScope | undefined>(undefined)

export const mayIn = (role: Role, permission: Permission): boolean => ROLE_PERMISSIONS[role].includes(permission)

/** For pages below `/p/$projectId`. */
export function useProject(): ProjectScope {
  const scope = useContext(ProjectContext)
  if (scope === undefined) throw new Error('This component belongs below a project.')
  return scope
}
