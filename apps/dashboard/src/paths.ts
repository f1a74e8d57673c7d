import type { Permission } from '@posthorn/contracts'
import {
  IconActivity,
  IconAddressBook,
  IconApi,
  IconBolt,
  IconChartBar,
  IconFileImport,
  IconHistory,
  IconHome,
  IconInbox,
  IconKey,
  IconMail,
  IconSettings,
  IconTags,
  IconTemplate,
  IconUsers,
  IconAlertOctagon,
  type Icon,
} from '@tabler/icons-react'

/** A page of a project, as the sidebar and the palette offer it. */
export interface ProjectPage {
  to: ProjectPath
  label: string
  icon: Icon
  /** Whoever lacks it is not offered the page. */
  permission: Permission
  /** Other words that the palette finds it by. */
  keywords?: readonly string[]
}

type ProjectPath =
  | '/p/$projectId'
  | '/p/$projectId/emails'
  | '/p/$projectId/inbox'
  | '/p/$projectId/contacts'
  | '/p/$projectId/contacts/fields'
  | '/p/$projectId/contacts/topics'
  | '/p/$projectId/contacts/imports'
  | '/p/$projectId/templates'
  | '/p/$projectId/events'
  | '/p/$projectId/events/names'
  | '/p/$projectId/analytics'
  | '/p/$projectId/analytics/feed'
  | '/p/$projectId/api-log'
  | '/p/$projectId/audit-log'
  | '/p/$projectId/settings'
  | '/p/$projectId/settings/keys'
  | '/p/$projectId/settings/members'
  | '/p/$projectId/settings/danger'

/** In the order of the sidebar. */
export const PROJECT_PAGES: readonly ProjectPage[] = [
  { to: '/p/$projectId', label: 'Home', icon: IconHome, permission: 'project:read', keywords: ['start', 'numbers'] },
  {
    to: '/p/$projectId/emails',
    label: 'Emails',
    icon: IconMail,
    permission: 'emails:read',
    keywords: ['mail', 'sent'],
  },
  { to: '/p/$projectId/inbox', label: 'Inbox', icon: IconInbox, permission: 'inbox:read', keywords: ['captured'] },
  { to: '/p/$projectId/contacts', label: 'Contacts', icon: IconAddressBook, permission: 'contacts:read' },
  {
    to: '/p/$projectId/templates',
    label: 'Templates',
    icon: IconTemplate,
    permission: 'templates:read',
    keywords: ['mjml', 'liquid'],
  },
  { to: '/p/$projectId/events', label: 'Events', icon: IconBolt, permission: 'events:read', keywords: ['track'] },
  {
    to: '/p/$projectId/analytics',
    label: 'Analytics',
    icon: IconChartBar,
    permission: 'project:read',
    keywords: ['numbers', 'statistics', 'chart'],
  },
  { to: '/p/$projectId/api-log', label: 'API log', icon: IconApi, permission: 'requests:read', keywords: ['requests'] },
  { to: '/p/$projectId/audit-log', label: 'Audit log', icon: IconHistory, permission: 'audit:read', keywords: ['who'] },
  { to: '/p/$projectId/settings', label: 'Settings', icon: IconSettings, permission: 'project:read' },
]

/** The pages under Contacts, as its tabs. */
export const CONTACT_PAGES: readonly ProjectPage[] = [
  { to: '/p/$projectId/contacts', label: 'People', icon: IconAddressBook, permission: 'contacts:read' },
  {
    to: '/p/$projectId/contacts/fields',
    label: 'Fields',
    icon: IconAddressBook,
    permission: 'contacts:read',
    keywords: ['data'],
  },
  {
    to: '/p/$projectId/contacts/topics',
    label: 'Topics',
    icon: IconTags,
    permission: 'contacts:read',
    keywords: ['lists', 'preferences', 'subscriptions'],
  },
  {
    to: '/p/$projectId/contacts/imports',
    label: 'Imports',
    icon: IconFileImport,
    permission: 'contacts:read',
    keywords: ['csv', 'upload', 'spreadsheet', 'excel'],
  },
]

/** The pages under Events, as its tabs. */
export const EVENT_PAGES: readonly ProjectPage[] = [
  { to: '/p/$projectId/events', label: 'All events', icon: IconBolt, permission: 'events:read' },
  {
    to: '/p/$projectId/events/names',
    label: 'By name',
    icon: IconBolt,
    permission: 'events:read',
    keywords: ['events', 'count', 'usage'],
  },
]

/** The pages under Analytics, as its tabs. */
export const ANALYTICS_PAGES: readonly ProjectPage[] = [
  { to: '/p/$projectId/analytics', label: 'Numbers', icon: IconChartBar, permission: 'project:read' },
  {
    to: '/p/$projectId/analytics/feed',
    label: 'Feed',
    icon: IconActivity,
    permission: 'project:read',
    keywords: ['happened', 'latest'],
  },
]

/** The pages under Settings, as its tabs. */
export const SETTINGS_PAGES: readonly ProjectPage[] = [
  { to: '/p/$projectId/settings', label: 'General', icon: IconSettings, permission: 'project:read' },
  {
    to: '/p/$projectId/settings/keys',
    label: 'API keys',
    icon: IconKey,
    permission: 'keys:read',
    keywords: ['secret', 'public', 'token'],
  },
  {
    to: '/p/$projectId/settings/members',
    label: 'Members',
    icon: IconUsers,
    permission: 'members:read',
    keywords: ['invite', 'people', 'team', 'roles'],
  },
  {
    to: '/p/$projectId/settings/danger',
    label: 'Danger zone',
    icon: IconAlertOctagon,
    permission: 'project:read',
    keywords: ['delete', 'leave'],
  },
]
