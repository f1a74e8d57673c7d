import {
  IconDeviceDesktopOff,
  IconDoorExit,
  IconDownload,
  IconFingerprint,
  IconKey,
  IconLock,
  IconPlus,
  IconRefresh,
  IconShieldCheck,
  IconTrash,
  IconUserPlus,
  type Icon,
} from '@tabler/icons-react'
import type { Permission } from '@posthorn/contracts'
import { useRouter } from '@tanstack/react-router'
import { runWhenOffered, type Action } from './actions.ts'
import { mayIn } from './project-scope.ts'
import type { ProjectChoice } from './project-switcher.tsx'

type Destination =
  | '/account/security'
  | '/account/sessions'
  | '/p/$projectId/audit-log'
  | '/p/$projectId/contacts'
  | '/p/$projectId/contacts/topics'
  | '/p/$projectId/inbox'
  | '/p/$projectId/settings/danger'
  | '/p/$projectId/settings/keys'
  | '/p/$projectId/settings/members'
  | '/p/$projectId/templates'

interface ActElsewhere {
  /** The id under which its page offers it. */
  id: string
  label: string
  icon: Icon
  keywords?: readonly string[]
  to: Destination
  /** In the project; what is about oneself needs none. */
  permission?: Permission
}

const ACTS: readonly ActElsewhere[] = [
  {
    id: 'create-key',
    label: 'Create API key',
    icon: IconPlus,
    to: '/p/$projectId/settings/keys',
    permission: 'keys:write',
  },
  {
    id: 'regenerate-secret',
    label: 'Regenerate the secret key',
    icon: IconRefresh,
    keywords: ['rotate', 'replace'],
    to: '/p/$projectId/settings/keys',
    permission: 'keys:write',
  },
  {
    id: 'regenerate-public',
    label: 'Regenerate the public key',
    icon: IconKey,
    keywords: ['rotate', 'replace'],
    to: '/p/$projectId/settings/keys',
    permission: 'keys:write',
  },
  {
    id: 'invite',
    label: 'Invite somebody',
    icon: IconUserPlus,
    keywords: ['member', 'team'],
    to: '/p/$projectId/settings/members',
    permission: 'members:write',
  },
  {
    id: 'export-audit-log',
    label: 'Export audit log as CSV',
    icon: IconDownload,
    to: '/p/$projectId/audit-log',
    permission: 'audit:read',
  },
  {
    id: 'clear-inbox',
    label: 'Empty inbox',
    icon: IconTrash,
    keywords: ['clear', 'delete'],
    to: '/p/$projectId/inbox',
    permission: 'inbox:write',
  },
  {
    id: 'add-contact',
    label: 'Add contact',
    icon: IconUserPlus,
    to: '/p/$projectId/contacts',
    permission: 'contacts:write',
  },
  {
    id: 'add-topic',
    label: 'New topic',
    icon: IconPlus,
    to: '/p/$projectId/contacts/topics',
    permission: 'contacts:write',
  },
  {
    id: 'create-template',
    label: 'Create template',
    icon: IconPlus,
    to: '/p/$projectId/templates',
    permission: 'templates:write',
  },
  {
    id: 'delete-project',
    label: 'Delete project',
    icon: IconTrash,
    to: '/p/$projectId/settings/danger',
    permission: 'project:delete',
  },
  {
    id: 'leave-project',
    label: 'Leave project',
    icon: IconDoorExit,
    to: '/p/$projectId/settings/danger',
    permission: 'project:read',
  },
  {
    id: 'second-factor',
    label: 'Turn on the second factor',
    icon: IconShieldCheck,
    keywords: ['2fa', 'totp', 'authenticator'],
    to: '/account/security',
  },
  { id: 'add-passkey', label: 'Add a passkey', icon: IconFingerprint, to: '/account/security' },
  { id: 'change-password', label: 'Change password', icon: IconLock, to: '/account/security' },
  {
    id: 'end-other-sessions',
    label: 'Sign out all others',
    icon: IconDeviceDesktopOff,
    keywords: ['devices', 'log out', 'other sessions'],
    to: '/account/sessions',
  },
]

/** What the buttons of other pages do: goes there, and does it. */
export function useActsElsewhere(project: ProjectChoice | undefined): Action[] {
  const router = useRouter()
  return ACTS.filter(
    ({ permission }) => permission === undefined || (project !== undefined && mayIn(project.role, permission)),
  ).map(({ id, label, icon, keywords = [], to }) => ({
    id,
    label,
    icon,
    keywords,
    group: 'Actions',
    run() {
      const options = { to, params: { projectId: project?.id ?? '' } }
      const { pathname } = router.buildLocation(options)
      const forget = runWhenOffered(id)
      const stop = router.subscribe('onBeforeNavigate', ({ toLocation }) => {
        if (toLocation.pathname === pathname) return
        forget()
        stop()
      })
      void router.navigate(options)
    },
  }))
}
