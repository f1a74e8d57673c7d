import { IconActivity } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { activeCount } from '../../ui/active-count.ts'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { FilterBar, SelectFilter, TextFilter } from '../../ui/filters.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { PeriodFilter } from '../../ui/period-filter.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { Outcome, What, Whom, TYPE_OPTIONS, type Happening } from './happening.tsx'
import { TemplateFilter } from './template-filter.tsx'
import type { FeedFilters } from './search.ts'

const route = getRouteApi('/in/p/$projectId/analytics/feed')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(trpc.activity.list.infiniteQueryOptions(filters, { getNextPageParam: nextCursor }))
  const filter = (change: FeedFilters) => void navigate({ to: '.', search: { ...filters, ...change }, replace: true })
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  const active = activeCount(filters)
  return (
    <>
      <PageHeader title="Feed" lead="All that happens in this project, as it happens." />
      <FilterBar active={active} onClear={clear}>
        <SelectFilter
          label="Type"
          any="Any type"
          options={TYPE_OPTIONS}
          value={filters.type}
          onChange={(type) => filter({ type })}
        />
        <TextFilter
          label="Contact"
          placeholder="ada@example.com"
          of={['activity', 'contact']}
          value={filters.contact}
          onChange={(contact) => filter({ contact })}
        />
        <TemplateFilter value={filters.template} onChange={(template) => filter({ template })} />
        <PeriodFilter since={filters.since} until={filters.until} onChange={filter} />
      </FilterBar>
      <DataList
        label="Happenings"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ type, id }) => `${type} ${id}`}
        columns={columns(projectId)}
        empty={
          active > 0 ? (
            <NothingFits what="entry" onClear={clear}>
              A contact is looked for by its whole address.
            </NothingFits>
          ) : (
            <EmptyState title="Nothing has happened yet" icon={<IconActivity size={22} />}>
              Send a mail, report an event or add a contact, and it appears here by itself.
            </EmptyState>
          )
        }
      />
    </>
  )
}

const columns = (projectId: string): Column<Happening>[] => [
  { header: 'What', isTitle: true, cell: (item) => <What item={item} projectId={projectId} /> },
  { header: 'Contact', cell: (item) => <Whom item={item} /> },
  { header: 'Status', width: '9rem', cell: (item) => <Outcome item={item} /> },
  { header: 'When', width: '9rem', align: 'right', cell: ({ at }) => <Time at={at} inList /> },
]
