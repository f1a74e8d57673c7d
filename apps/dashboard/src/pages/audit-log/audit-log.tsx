import { IconHistory, IconLock } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { nameOf, placeOf, sentenceOf, type Entry } from './acts.ts'
import { AuditFilters } from './audit-filters.tsx'
import { EntryDrawer } from './entry-drawer.tsx'
import { ExportButton } from './export-button.tsx'
import type { AuditFilters as Filters } from './search.ts'
import classes from './audit-log.module.css'

const route = getRouteApi('/in/p/$projectId/audit-log')

export function Page() {
  const { can } = useProject()
  if (can('audit:read')) return <Log />
  return (
    <>
      <PageHeader title="Audit log" />
      <EmptyState title="Owners and admins see the audit log" icon={<IconLock size={22} />}>
        It says who did what in the project, and from where. Ask one of them to look something up for you.
      </EmptyState>
    </>
  )
}

function Log() {
  const { id: projectId, trpc } = useProject()
  const { entry: openId, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(trpc.audit.list.infiniteQueryOptions(search, { getNextPageParam: nextCursor }))
  const entries = itemsOf(query.data)
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  const isFiltered = Object.keys(search).length > 0
  const actor = entries?.find((entry) => entry.actor.id === search.actor)?.actor
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="Who did what, when, and from where."
        actions={<ExportButton filters={search} />}
      />
      <AuditFilters
        filters={search}
        actorName={actor && nameOf(actor)}
        onChange={(change) => void navigate({ to: '.', search: { ...search, ...change }, replace: true })}
        onClear={clear}
      />
      <DataList
        label="Entries"
        query={query}
        items={entries}
        keyOf={({ id }) => id}
        columns={columns(projectId, search)}
        empty={
          isFiltered ? (
            <NothingFits what="entry" onClear={clear}>
              Try fewer of them, or a longer period.
            </NothingFits>
          ) : (
            <NothingYet />
          )
        }
      />
      <EntryDrawer
        id={openId}
        listed={entries?.find(({ id }) => id === openId)}
        onClose={() => void navigate({ to: '.', search, replace: true, resetScroll: false })}
      />
    </>
  )
}

const columns = (projectId: string, filters: Filters): Column<Entry>[] => [
  {
    header: 'What',
    isTitle: true,
    cell: (entry) => (
      <Link
        to="/p/$projectId/audit-log"
        params={{ projectId }}
        search={{ ...filters, entry: entry.id }}
        resetScroll={false}
        className={`${rowLink} ${classes.act}`}
      >
        <b>{nameOf(entry.actor)}</b> {sentenceOf(entry)}
      </Link>
    ),
  },
  { header: 'From', width: '11rem', cell: (entry) => <span title={placeOf(entry)}>{placeOf(entry)}</span> },
  { header: 'When', width: '9rem', align: 'right', cell: ({ at }) => <Time at={at} inList /> },
]

function NothingYet() {
  return (
    <EmptyState title="Nothing was done yet" icon={<IconHistory size={22} />}>
      Changes to keys, members and settings are written down here.
    </EmptyState>
  )
}
