import { useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconLogout, IconMoon, IconPlus, IconServer2, IconSun, IconUser } from '@tabler/icons-react'
import { useRouter, type NavigateOptions } from '@tanstack/react-router'
import { leave } from '../auth/leave.ts'
import {
  ANALYTICS_PAGES,
  CONTACT_PAGES,
  EVENT_PAGES,
  PROJECT_PAGES,
  SETTINGS_PAGES,
  type ProjectPage,
} from '../paths.ts'
import type { Action } from './actions.ts'
import { useAccount, useProjects } from './person.tsx'
import { mayIn } from './project-scope.ts'
import type { ProjectChoice } from './project-switcher.tsx'

/** What can be done from everywhere. */
export function useFixedActions(project: ProjectChoice | undefined): Action[] {
  const router = useRouter()
  const projects = useProjects()
  const account = useAccount()
  const { setColorScheme } = useMantineColorScheme()
  const go = (options: NavigateOptions) => () => void router.navigate(options)
  const under = (area: string, tabs: readonly ProjectPage[]) =>
    tabs.slice(1).map((page) => ({ ...page, label: `${area} › ${page.label}` }))
  const tabs = [
    ...under('Contacts', CONTACT_PAGES),
    ...under('Events', EVENT_PAGES),
    ...under('Analytics', ANALYTICS_PAGES),
    ...under('Settings', SETTINGS_PAGES),
  ]
  const pages = project === undefined ? [] : [...PROJECT_PAGES, ...tabs]
  return [
    ...pages
      .filter(({ permission }) => project !== undefined && mayIn(project.role, permission))
      .map(({ to, label, icon, keywords }) => ({
        id: to,
        label,
        icon,
        keywords: keywords ?? [],
        group: 'Pages',
        run: go({ to, params: { projectId: project?.id ?? '' } }),
      })),
    {
      id: 'account',
      label: 'Account',
      icon: IconUser,
      group: 'Pages',
      keywords: ['profile', 'name', 'address'],
      run: go({ to: '/account' }),
    },
    {
      id: 'account-security',
      label: 'Account › Security',
      icon: IconUser,
      group: 'Pages',
      keywords: ['password', 'second factor', 'passkey', 'provider', 'sign-in methods'],
      run: go({ to: '/account/security' }),
    },
    {
      id: 'account-activity',
      label: 'Account › Activity',
      icon: IconUser,
      group: 'Pages',
      keywords: ['sign-ins', 'log', 'history'],
      run: go({ to: '/account/activity' }),
    },
    {
      id: 'account-sessions',
      label: 'Account › Sessions',
      icon: IconUser,
      group: 'Pages',
      keywords: ['devices', 'signed in'],
      run: go({ to: '/account/sessions' }),
    },
    ...(account.isInstanceOwner
      ? [
          {
            id: 'instance',
            label: 'Instance',
            icon: IconServer2,
            group: 'Pages',
            keywords: ['health', 'users'],
            run: go({ to: '/instance' }),
          },
        ]
      : []),
    ...projects
      .filter(({ id }) => id !== project?.id)
      .map(({ id, name }) => ({
        id: `project-${id}`,
        label: `Switch to ${name}`,
        group: 'Projects',
        run: go({ to: '/p/$projectId', params: { projectId: id } }),
      })),
    { id: 'new-project', label: 'New project', icon: IconPlus, group: 'Projects', run: go({ to: '/projects/new' }) },
    {
      id: 'light',
      label: 'Light colours',
      icon: IconSun,
      group: 'Actions',
      keywords: ['theme'],
      run: () => setColorScheme('light'),
    },
    {
      id: 'dark',
      label: 'Dark colours',
      icon: IconMoon,
      group: 'Actions',
      keywords: ['theme'],
      run: () => setColorScheme('dark'),
    },
    {
      id: 'system-colours',
      label: 'Colours as the system',
      icon: IconDeviceDesktop,
      group: 'Actions',
      keywords: ['theme', 'auto'],
      run: () => setColorScheme('auto'),
    },
    {
      id: 'leave',
      label: 'Sign out',
      icon: IconLogout,
      group: 'Actions',
      keywords: ['log out'],
      run: () => void leave(),
    },
  ]
}
