import { Button } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconMail } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { activeCount } from '../../ui/active-count.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { ExportMenu } from '../../ui/export-menu.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { EmailFilters } from './email-filters.tsx'
import { EmailStatusBadge } from './status.tsx'

type Email = WireOutput<'emails', 'list'>['data'][number]

const route = getRouteApi('/in/p/$projectId/emails')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(trpc.emails.list.infiniteQueryOptions(search, { getNextPageParam: nextCursor }))
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  return (
    <>
      <PageHeader
        title="Emails"
        lead="Every mail of this project, and what happened to it."
        actions={<ExportMenu noun="emails" filters={search} />}
      />
      <EmailFilters
        filters={search}
        onChange={(change) => void navigate({ to: '.', search: { ...search, ...change }, replace: true })}
        onClear={clear}
      />
      <DataList
        label="Emails"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ id }) => id}
        columns={columns(projectId)}
        empty={
          activeCount(search) > 0 ? (
            <NothingFits what="mail" onClear={clear}>
              Try fewer of them, or look for a slip of the keyboard in the address.
            </NothingFits>
          ) : (
            <NoneYet projectId={projectId} />
          )
        }
      />
    </>
  )
}

const columns = (projectId: string): Column<Email>[] => [
  {
    header: 'Recipient',
    isTitle: true,
    cell: ({ id, to }) => (
      <Link to="/p/$projectId/emails/$emailId" params={{ projectId, emailId: id }} className={rowLink}>
        <span title={to.email}>{to.email}</span>
      </Link>
    ),
  },
  { header: 'Status', width: '8rem', cell: ({ status }) => <EmailStatusBadge status={status} /> },
  { header: 'Subject', cell: ({ subject }) => subject },
  { header: 'Tags', width: '10rem', isExtra: 'first', cell: ({ tags }) => tags.join(', ') },
  { header: 'Accepted', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
]

function NoneYet({ projectId }: { projectId: string }) {
  return (
    <EmptyState
      title="No mail yet"
      icon={<IconMail size={22} />}
      action={
        <Button renderRoot={(props) => <Link to="/p/$projectId" params={{ projectId }} {...props} />}>
          Send the first one
        </Button>
      }
    >
      Mail that your app sends shows up here the moment it is accepted, with every attempt to deliver it.
    </EmptyState>
  )
}
