import { ActionIcon, Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { countedBy, ProjectJobs, type Job } from '../../shell/project-jobs.tsx'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { aboveRowLink, DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { FilterBar, TextFilter } from '../../ui/filters.tsx'
import { NothingFits } from '../../ui/nothing-fits.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Time } from '../../ui/time.tsx'
import { NoEventsYet } from './none-yet.tsx'

type Counted = WireOutput<'events', 'stats'>['data'][number]

const route = getRouteApi('/in/p/$projectId/events/names')

const count = new Intl.NumberFormat('en')

/** Which events there are and how many of each. */
export function Page() {
  const { id: projectId, trpc, can } = useProject()
  const { name: part } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(trpc.events.stats.queryOptions({}))
  const [asked, setAsked] = useState<Counted>()
  const [started, setStarted] = useState<string>()
  const start = useDeletion(setStarted)
  const filter = (name?: string) =>
    void navigate({ to: '.', search: name === undefined ? {} : { name }, replace: true })
  const fitting = query.data?.data.filter(({ name }) => includes(name, part))
  return (
    <>
      <PageHeader title="Events by name" lead="Which events were reported, the most frequent first." />
      <ProjectJobs titles={TITLES} started={started} resultOf={resultOf} />
      <FilterBar active={part === undefined ? 0 : 1} onClear={() => filter()}>
        <TextFilter
          label="Name"
          placeholder="A part of it"
          of={['events', 'name']}
          value={part}
          onChange={(name) => filter(name)}
        />
      </FilterBar>
      <DataList
        label="Events by name"
        query={query}
        items={fitting}
        keyOf={({ name }) => name}
        columns={[...columns(projectId), ...(can('events:write') ? [deletion(setAsked)] : [])]}
        empty={
          part === undefined ? (
            <NoEventsYet projectId={projectId} />
          ) : (
            <NothingFits what="event" onClear={() => filter()}>
              No name has this in it.
            </NothingFits>
          )
        }
      />
      {query.data?.isComplete === false && (
        <Text c="dimmed" size="sm" mt="sm">
          There are more names; these are the {count.format(query.data.data.length)} most frequent ones.
        </Text>
      )}
      <ConfirmDialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title="Delete these events?"
        confirm="Delete events"
        onConfirm={async () => asked && start(asked.name)}
      >
        <Text style={{ overflowWrap: 'anywhere' }}>
          All {count.format(asked?.count ?? 0)} events of the name “{asked?.name}” are deleted for good.
        </Text>
        <Text mt="xs">Contacts keep the data that came with them. What is reported from now on stays.</Text>
      </ConfirmDialog>
    </>
  )
}

const TITLES = { 'events.delete': 'Deleting events' }

const resultOf = (job: Job) => `Done: ${count.format(countedBy(job, 'deleted') || job.progress.done)} deleted.`

const includes = (name: string, part = '') => name.toLowerCase().includes(part.toLowerCase())

/** Begins the job, and shows it at once. */
function useDeletion(onStarted: (jobId: string) => void) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.events.delete.mutationOptions({
      async onSuccess({ jobId }) {
        onStarted(jobId)
        await queryClient.invalidateQueries(trpc.jobs.pathFilter())
      },
    }),
  )
  return (name: string) => remove.mutateAsync({ name })
}

const columns = (projectId: string): Column<Counted>[] => [
  {
    header: 'Event',
    isTitle: true,
    cell: ({ name }) => (
      <Link to="/p/$projectId/events" params={{ projectId }} search={{ name }} className={rowLink}>
        <span title={name}>{name}</span>
      </Link>
    ),
  },
  { header: 'Events', isNamed: true, width: '8rem', align: 'right', cell: ({ count: number }) => count.format(number) },
  {
    header: 'First',
    width: '10rem',
    align: 'right',
    isExtra: true,
    cell: ({ firstAt }) => <Time at={firstAt} inList />,
  },
  {
    header: 'Latest',
    isNamed: true,
    width: '10rem',
    align: 'right',
    cell: ({ lastAt }) => <Time at={lastAt} inList />,
  },
]

const deletion = (ask: (event: Counted) => void): Column<Counted> => ({
  header: 'Delete',
  isHeaderHidden: true,
  width: '4rem',
  align: 'right',
  cell: (event) => (
    <ActionIcon
      variant="subtle"
      color="gray"
      className={aboveRowLink}
      aria-label={`Delete ${event.name}`}
      onClick={() => ask(event)}
    >
      <IconTrash size={17} aria-hidden />
    </ActionIcon>
  ),
})
