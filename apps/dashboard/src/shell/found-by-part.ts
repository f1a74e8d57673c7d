import { useDebouncedValue } from '@mantine/hooks'
import { IconAddressBook, IconMail } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { projectTrpc } from '../api/trpc.ts'
import { UUID } from '../ui/search.ts'
import type { Action } from './actions.ts'
import { mayIn } from './project-scope.ts'
import type { ProjectChoice } from './project-switcher.tsx'

const CONTACTS = 'Contacts with it'
const EMAILS = 'Emails with it'

/** The headings of what is found so. */
export const PART_GROUPS = [CONTACTS, EMAILS] as const

const SHOWN = 5
/** Long enough not to ask for each letter. */
const PAUSE_MS = 250
/** One letter is in nearly every address. */
const LEAST_LETTERS = 2

/** Contacts by a part of their address, and emails by a part of their recipient or subject. */
export function useFoundByPart(typed: string, project: ProjectChoice | undefined): Action[] {
  const router = useRouter()
  const [search] = useDebouncedValue(typed, PAUSE_MS)
  const projectId = project?.id ?? ''
  const trpc = projectTrpc(projectId)
  const isPart = project !== undefined && search === typed && search.length >= LEAST_LETTERS && !UUID.test(search)
  const input = { search, limit: SHOWN }
  const contacts = useQuery(
    trpc.contacts.list.queryOptions(input, {
      enabled: isPart && mayIn(project.role, 'contacts:read'),
    }),
  )
  const emails = useQuery(
    trpc.emails.list.queryOptions(input, {
      enabled: isPart && mayIn(project.role, 'emails:read'),
    }),
  )
  if (!isPart) return []
  return [
    ...(contacts.data?.data ?? []).map(({ id, email }) => ({
      id: `contact-${id}`,
      label: email,
      group: CONTACTS,
      icon: IconAddressBook,
      run: () =>
        void router.navigate({ to: '/p/$projectId/contacts/$contactId', params: { projectId, contactId: id } }),
    })),
    ...(emails.data?.data ?? []).map(({ id, subject, to }) => ({
      id: `email-${id}`,
      label: subject,
      description: `to ${to.email}`,
      group: EMAILS,
      icon: IconMail,
      run: () => void router.navigate({ to: '/p/$projectId/emails/$emailId', params: { projectId, emailId: id } }),
    })),
  ]
}
