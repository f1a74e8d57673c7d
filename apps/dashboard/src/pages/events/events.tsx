import type { WireOutput } from '@posthorn/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { activeCount } from '../../ui/active-count.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { ExportMenu } from '../../ui/export-menu.tsx'
import { FilterBar, TextFilter } from '../../ui/filters.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { PeriodFilter } from '../../ui/period-filter.tsx'
import { Time } from '../../ui/time.tsx'
import { dataInBrief } from './brief.ts'
import { EventDays } from './days.tsx'
import { EventDialog } from './event-dialog.tsx'
import { NoEventsYet } from './none-yet.tsx'
import type { EventFilters } from './search.ts'

export type Event = WireOutput<'events', 'list'>['data'][number]

const route = getRouteApi('/in/p/$projectId/events/')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const { event: openId, ...filters } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(trpc.events.list.infiniteQueryOptions(filters, { getNextPageParam: nextCursor }))
  const items = itemsOf(query.data)
  const filter = (change: typeof filters) =>
    void navigate({ to: '.', search: { ...filters, ...change }, replace: true })
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  const active = activeCount(filters)
  return (
    <>
      <PageHeader
        title="Events"
        lead="What contacts did, as your app reported it."
        actions={<ExportMenu noun="events" filters={filters} />}
      />
      <FilterBar active={active} onClear={clear}>
        <TextFilter
          label="Event"
          placeholder="signed-up"
          of={['events', 'name']}
          value={filters.name}
          onChange={(name) => filter({ name })}
        />
        <TextFilter
          label="Contact"
          placeholder="ada@example.com"
          of={['events', 'email']}
          value={filters.email}
          onChange={(email) => filter({ email })}
        />
        <PeriodFilter since={filters.since} until={filters.until} onChange={filter} />
      </FilterBar>
      <EventDays name={filters.name} />
      <DataList
        label="Events"
        query={query}
        items={items}
        keyOf={({ id }) => id}
        columns={columns(projectId, filters)}
        empty={
          active > 0 ? (
            <NothingFits what="event" onClear={clear}>
              Names and addresses are looked for as a whole, and names with their capitals.
            </NothingFits>
          ) : (
            <NoEventsYet projectId={projectId} />
          )
        }
      />
      <EventDialog
        event={items?.find(({ id }) => id === openId)}
        onClose={() => void navigate({ to: '.', search: filters, replace: true, resetScroll: false })}
      />
    </>
  )
}

const columns = (projectId: string, filters: EventFilters): Column<Event>[] => [
  {
    header: 'Event',
    isTitle: true,
    cell: ({ id, name }) => (
      <Link
        to="/p/$projectId/events"
        params={{ projectId }}
        search={{ ...filters, event: id }}
        resetScroll={false}
        className={rowLink}
      >
        <span title={name}>{name}</span>
      </Link>
    ),
  },
  { header: 'Contact', cell: ({ email }) => email },
  { header: 'Data', isExtra: true, cell: ({ data }) => dataInBrief(data) },
  { header: 'Reported', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
]
