import { useRouter } from '@tanstack/react-router'
import { UUID } from '../ui/search.ts'
import type { Action } from './actions.ts'
import { mayIn } from './project-scope.ts'
import type { ProjectChoice } from './project-switcher.tsx'

/** An id that a caller gave its request: long, and with a digit, as no name of a page is. */
const REQUEST_ID = /^(?=.*\d)[\w.:-]{12,128}$/

/** The group of what the typed text itself stands for. */
export const FOUND = 'Found'

/** What the typed text itself can stand for: an id, or an address. */
export function useFoundByText(text: string, project: ProjectChoice | undefined): Action[] {
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
