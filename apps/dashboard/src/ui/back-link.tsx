import { IconArrowLeft } from '@tabler/icons-react'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import classes from './back-link.module.css'
import { lastSearchOf } from './last-search.ts'

interface BackLinkProps {
  to:
    | '/p/$projectId/emails'
    | '/p/$projectId/inbox'
    | '/p/$projectId/contacts'
    | '/p/$projectId/contacts/imports'
    | '/p/$projectId/templates'
    | '/p/$projectId/api-log'
  params: { projectId: string }
  children: ReactNode
}

/** From one thing back to the list it is of, filtered as it was left. */
export function BackLink({ to, params, children }: BackLinkProps) {
  const search = lastSearchOf(to.replace('$projectId', params.projectId))
  return (
    // Safe because the search was read by the route of this very path.
    <ListLink to={to} params={params} search={search as never}>
      {children}
    </ListLink>
  )
}

const ListLink = createLink(function BackAnchor({ children, ...props }: ComponentProps<'a'>) {
  return (
    <a {...props} className={classes.back}>
      <IconArrowLeft size={15} aria-hidden /> {children}
    </a>
  )
})
