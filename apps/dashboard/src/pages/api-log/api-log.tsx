import { Button } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconApi } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { useProject } from '../../shell/project-scope.ts'
import { activeCount } from '../../ui/active-count.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { duration } from '../../ui/time-words.ts'
import { Time } from '../../ui/time.tsx'
import classes from './api-log.module.css'
import { useKeyNames, type KeyNames } from './key-names.ts'
import { HttpStatusBadge } from './status.tsx'

// They name every operation there is, and so bring the whole contract along.
const RequestFilters = loadedLater(() =>
  import('./request-filters.tsx').then((module) => ({ default: module.RequestFilters })),
)

export type ApiRequest = WireOutput<'requests', 'list'>['data'][number]

const route = getRouteApi('/in/p/$projectId/api-log')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(trpc.requests.list.infiniteQueryOptions(search, { getNextPageParam: nextCursor }))
  const keyNames = useKeyNames()
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  return (
    <>
      <PageHeader
        title="API log"
        lead="What was asked of the API, and how it was answered. What was in a request is not kept."
      />
      <Suspense>
        <RequestFilters
          filters={search}
          keyNames={keyNames}
          onChange={(change) => void navigate({ to: '.', search: { ...search, ...change }, replace: true })}
          onClear={clear}
        />
      </Suspense>
      <DataList
        label="Requests"
        query={query}
        items={itemsOf(query.data)}
        // The one who asks may give several requests the same id.
        keyOf={({ id, at }) => `${id} ${at}`}
        columns={columns(projectId, keyNames)}
        empty={
          activeCount(search) > 0 ? (
            <NothingFits what="request" onClear={clear}>
              A request is listed some seconds after its answer, and for a number of days. One with an unknown key
              belongs to no project, so it is in no log.
            </NothingFits>
          ) : (
            <NoneYet projectId={projectId} />
          )
        }
      />
    </>
  )
}

const columns = (projectId: string, keyNames: KeyNames): Column<ApiRequest>[] => [
  {
    header: 'Operation',
    isTitle: true,
    cell: ({ id, method, operation }) => (
      <Link to="/p/$projectId/api-log/$requestId" params={{ projectId, requestId: id }} className={rowLink}>
        <span title={`${method} ${operation}`}>
          <span className={classes.method}>{method}</span> {operation}
        </span>
      </Link>
    ),
  },
  {
    header: 'Status',
    width: '14rem',
    cell: ({ status, code }) => (
      <span className={classes.status}>
        <HttpStatusBadge status={status} />
        {code !== null && (
          <code className={classes.refusal} title={code}>
            {code}
          </code>
        )}
      </span>
    ),
  },
  { header: 'Key', width: '7rem', isExtra: true, cell: (request) => callerOf(request, keyNames) },
  {
    header: 'Request id',
    width: '9.5rem',
    isExtra: true,
    cell: ({ id }) => (
      <span className={classes.request}>
        <span className={classes.id} title={id}>
          {id}
        </span>
        {/* The keyboard finds it on the page of the request, and here goes from row to row. */}
        <CopyButton value={id} label="Copy request id" tabIndex={-1} />
      </span>
    ),
  },
  { header: 'Duration', width: '5.5rem', align: 'right', cell: ({ durationMs }) => duration(durationMs) },
  { header: 'When', width: '9rem', align: 'right', cell: ({ at }) => <Time at={at} inList /> },
]

/** By which key, or that it was somebody before the dashboard. */
export function callerOf({ keyId, userId }: ApiRequest, keyNames: KeyNames): string {
  if (keyId !== null) return keyNames.get(keyId)?.name ?? 'A key'
  return userId === null ? 'Nobody' : 'Dashboard'
}

function NoneYet({ projectId }: { projectId: string }) {
  return (
    <EmptyState
      title="No requests yet"
      icon={<IconApi size={22} />}
      action={
        <Button renderRoot={(props) => <Link to="/p/$projectId" params={{ projectId }} {...props} />}>
          Make the first one
        </Button>
      }
    >
      Each call with one of the keys of this project is listed here some seconds after its answer.
    </EmptyState>
  )
}
