import { Text, Title } from '@mantine/core'
import type { WirePeopleOutput } from '@posthorn/contracts'
import { IconTrash } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { trpc } from '../../api/trpc.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'

type DeletedProject = WirePeopleOutput<'instance', 'deletedProjects'>['data'][number]

const COLUMNS: Column<DeletedProject>[] = [
  {
    header: 'Name',
    isTitle: true,
    cell: ({ projectId, name }) => (
      <Link to="/instance/deleted/$deletedId" params={{ deletedId: projectId }} className={rowLink}>
        {name}
      </Link>
    ),
  },
  {
    header: 'Status',
    width: '9rem',
    cell: ({ isGone }) =>
      isGone ? <StatusBadge tone="neutral">Gone</StatusBadge> : <StatusBadge tone="waiting">Being deleted</StatusBadge>,
  },
  { header: 'Id', width: '22rem', isExtra: true, cell: ({ projectId }) => <code>{projectId}</code> },
  { header: 'Log kept until', width: '9rem', cell: ({ auditKeptUntil }) => <Time at={auditKeptUntil} inList /> },
  { header: 'Deleted', width: '9rem', align: 'right', cell: ({ deletedAt }) => <Time at={deletedAt} inList /> },
]

/** The projects of which the audit log alone is left, or will be. */
export function DeletedList() {
  const query = useInfiniteQuery(
    trpc.instance.deletedProjects.infiniteQueryOptions({}, { getNextPageParam: nextCursor }),
  )
  return (
    <>
      <Title order={2} mt="xl" mb={4}>
        Deleted projects
      </Title>
      <Text c="dimmed" mb="sm">
        What was done in them can be read for a while.
      </Text>
      <DataList
        label="Deleted projects"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ projectId }) => projectId}
        columns={COLUMNS}
        empty={
          <EmptyState title="No project was deleted" icon={<IconTrash size={22} />}>
            Once one is, its audit log stays here.
          </EmptyState>
        }
      />
    </>
  )
}
