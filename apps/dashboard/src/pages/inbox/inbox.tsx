import { Button } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconInbox } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { codeOf } from '../../api/problem.ts'
import { useProject } from '../../shell/project-scope.ts'
import { activeCount } from '../../ui/active-count.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { FilterBar, TextFilter } from '../../ui/filters.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { PeriodFilter } from '../../ui/period-filter.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { bytes } from '../../ui/time-words.ts'
import { Time } from '../../ui/time.tsx'
import { ClearInbox } from './clear-inbox.tsx'
import { InboxOff } from './inbox-off.tsx'
import type { InboxFilters } from './search.ts'

type Message = WireOutput<'inbox', 'list'>['data'][number]

const route = getRouteApi('/in/p/$projectId/inbox')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(trpc.inbox.list.infiniteQueryOptions(search, { getNextPageParam: nextCursor }))
  const items = itemsOf(query.data)
  const filter = (change: Partial<InboxFilters>) =>
    void navigate({ to: '.', search: { ...search, ...change }, replace: true })
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  const active = activeCount(search)
  const isFiltered = active > 0
  if (codeOf(query.error) === 'INBOX_OFF') return <InboxOff />
  return (
    <>
      <PageHeader
        title="Inbox"
        lead="Mail that was caught here in place of being sent out. Nobody outside has got it."
        actions={(isFiltered || (items ?? []).length > 0) && <ClearInbox />}
      />
      <FilterBar active={active} onClear={clear}>
        <TextFilter
          label="Search"
          placeholder="Address or subject"
          of={['inbox', 'search']}
          value={search.search}
          onChange={(part) => filter({ search: part })}
        />
        <TextFilter
          label="Recipient"
          placeholder="ada@example.com"
          of={['inbox', 'to']}
          value={search.to}
          onChange={(to) => filter({ to })}
        />
        <PeriodFilter since={search.since} until={search.until} onChange={filter} />
      </FilterBar>
      <DataList
        label="Messages"
        query={query}
        items={items}
        keyOf={({ id }) => id}
        columns={columns(projectId)}
        empty={
          isFiltered ? (
            <NothingFits what="message" onClear={clear}>
              The inbox may have been emptied since, or what was looked for was written differently.
            </NothingFits>
          ) : (
            <NoneYet projectId={projectId} />
          )
        }
      />
    </>
  )
}

const columns = (projectId: string): Column<Message>[] => [
  {
    header: 'Recipient',
    isTitle: true,
    cell: ({ id, to }) => (
      <Link to="/p/$projectId/inbox/$messageId" params={{ projectId, messageId: id }} className={rowLink}>
        <span title={to.join(', ')}>{to.join(', ')}</span>
      </Link>
    ),
  },
  { header: 'Subject', cell: ({ subject }) => subject },
  { header: 'Size', width: '6rem', align: 'right', isExtra: true, cell: ({ sizeBytes }) => bytes(sizeBytes) },
  { header: 'Received', width: '9rem', align: 'right', cell: ({ receivedAt }) => <Time at={receivedAt} inList /> },
]

function NoneYet({ projectId }: { projectId: string }) {
  return (
    <EmptyState
      title="Nothing caught yet"
      icon={<IconInbox size={22} />}
      action={
        <Button renderRoot={(props) => <Link to="/p/$projectId" params={{ projectId }} {...props} />}>
          Send the first mail
        </Button>
      }
    >
      Every mail that your app sends arrives here, whoever it is to, as long as no relay is set. Try things out without
      reaching anybody.
    </EmptyState>
  )
}
