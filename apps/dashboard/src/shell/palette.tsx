import { Spotlight, createSpotlight, type SpotlightActionData } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { useMantineColorScheme } from '@mantine/core'
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSearch,
  IconServer2,
  IconSun,
  IconUser,
} from '@tabler/icons-react'
import { useRouter, type NavigateOptions } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { leave } from '../auth/leave.ts'
import {
  ANALYTICS_PAGES,
  CONTACT_PAGES,
  EVENT_PAGES,
  PROJECT_PAGES,
  SETTINGS_PAGES,
  type ProjectPage,
} from '../paths.ts'
import { PART_GROUPS, useFoundByPart } from './found-by-part.ts'
import { useOfferedActions, type Action } from './actions.ts'
import { useActsElsewhere } from './acts-elsewhere.ts'
import { controlsOf } from './controls.ts'
import { UUID } from '../ui/search.ts'
import { useFocusBack } from '../ui/use-focus-back.ts'
import { useAccount, useProjects } from './person.tsx'
import { mayIn } from './project-scope.ts'
import type { ProjectChoice } from './project-switcher.tsx'

interface PaletteProps {
  isOpen: boolean
  onClose(): void
  project: ProjectChoice | undefined
}

/** An id that a caller gave its request: long, and with a digit, as no name of a page is. */
const REQUEST_ID = /^(?=.*\d)[\w.:-]{12,128}$/

/** The group of what the typed text itself stands for. */
const FOUND = 'Found'

/** What is in them is there for what was typed. */
const FOUND_GROUPS: ReadonlySet<string> = new Set([FOUND, ...PART_GROUPS])

const [store, spotlight] = createSpotlight()

/** Every page and every action, by typing a part of its name. */
export default function Palette({ isOpen, onClose, project }: PaletteProps) {
  const [typed, setTyped] = useState('')
  const fixed = useFixedActions(project)
  const found = useFoundByText(typed.trim(), project)
  const byPart = useFoundByPart(isOpen ? typed.trim() : '', project)
  const offered = useOfferedActions()
  const elsewhere = useActsElsewhere(project).filter(({ id }) => !offered.some((one) => one.id === id))
  useFocusBack(isOpen)
  const before = useRef<Element>(null)
  const [controls, setControls] = useState<Action[]>([])
  const [wasOpen, setWasOpen] = useState(false)
  if (isOpen !== wasOpen) {
    setWasOpen(isOpen)
    // As the page stands before the palette lies over it.
    if (isOpen) setControls(controlsOf())
  }
  useEffect(() => {
    if (isOpen) {
      before.current = document.activeElement
      spotlight.open()
    } else spotlight.close()
  }, [isOpen])
  // First of all, so that a dialog which the action opens returns the focus there and not to a palette that is gone.
  const goBack = () => before.current instanceof HTMLElement && before.current.focus({ preventScroll: true })
  const names = new Set([...offered, ...fixed].map(({ label }) => label.toLowerCase()))
  const onPage = controls.filter(({ label }) => !names.has(label.toLowerCase()))
  // What the server finds comes late, and last: nobody should take what has just moved under the key.
  const actions = [...found, ...offered, ...onPage, ...fixed, ...elsewhere, ...byPart].map((action) => ({
    ...action,
    run() {
      goBack()
      action.run()
    },
  }))
  return (
    <Spotlight
      store={store}
      shortcut={null}
      // Mantine's own would take it away from the field that an action leads to.
      returnFocus={false}
      actions={fitting(grouped(actions), typed)}
      query={typed}
      onQueryChange={setTyped}
      // What fits is chosen above, where groups and what the text itself stands for are known.
      filter={(_query, actions) => actions}
      nothingFound="Nothing of this name."
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': 'Pages and actions' } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      highlightQuery
      onSpotlightClose={onClose}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'A page, an action, an address, an id …',
        'aria-label': 'Search pages and actions',
      }}
    />
  )
}

/** What can be done from everywhere. */
function useFixedActions(project: ProjectChoice | undefined): Action[] {
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

/** What the typed text itself can stand for: an id, or an address. */
function useFoundByText(text: string, project: ProjectChoice | undefined): Action[] {
  const router = useRouter()
  if (project === undefined) return []
  const params = { projectId: project.id }
  const request: Action = {
    id: 'request-by-id',
    label: `Find the request ${text} in the API log`,
    group: FOUND,
    run: () => void router.navigate({ to: '/p/$projectId/api-log', params, search: { requestId: text } }),
  }
  if (UUID.test(text)) {
    return [
      {
        id: 'email-by-id',
        label: `Open the email ${text}`,
        group: FOUND,
        run: () => void router.navigate({ to: '/p/$projectId/emails/$emailId', params: { ...params, emailId: text } }),
      },
      ...(mayIn(project.role, 'requests:read') ? [request] : []),
    ]
  }
  if (REQUEST_ID.test(text) && mayIn(project.role, 'requests:read')) return [request]
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return []
  return [
    {
      id: 'emails-to',
      label: `Emails to ${text}`,
      group: FOUND,
      run: () => void router.navigate({ to: '/p/$projectId/emails', params, search: { to: text } }),
    },
    {
      id: 'contact-by-address',
      label: `The contact ${text}`,
      group: FOUND,
      run: () =>
        void router.navigate({ to: '/p/$projectId/contacts/$contactId', params: { ...params, contactId: text } }),
    },
  ]
}

interface ActionGroup {
  group: string
  actions: SpotlightActionData[]
}

function grouped(actions: readonly Action[]): ActionGroup[] {
  return [...new Set(actions.map(({ group }) => group))].map((group) => ({
    group,
    actions: actions
      .filter((action) => action.group === group)
      .map(({ id, label, description, icon: Icon, keywords, run }): SpotlightActionData => ({
        id,
        label,
        onClick: run,
        keywords: [...(keywords ?? [])],
        ...(description !== undefined && { description }),
        ...(Icon !== undefined && { leftSection: <Icon size={18} stroke={1.7} aria-hidden /> }),
      })),
  }))
}

/** Every word that was typed is found in the label, the group or the keywords. */
function fitting(groups: ActionGroup[], query: string): ActionGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (group: string, { label = '', description = '', keywords = [] }: SpotlightActionData) => {
    const text = [group, label, description, ...[keywords].flat()].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return groups
    .map(({ group, actions }) => ({
      group,
      actions: actions.filter((action) => FOUND_GROUPS.has(group) || fits(group, action)),
    }))
    .filter(({ actions }) => actions.length > 0)
}
