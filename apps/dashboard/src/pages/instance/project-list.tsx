import { Title } from '@mantine/core'
import type { WirePeopleOutput } from '@posthorn/contracts'
import { IconFolders } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { trpc } from '../../api/trpc.ts'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'

type Project = WirePeopleOutput<'instance', 'projects'>['data'][number]

const COLUMNS: Column<Project>[] = [
  { header: 'Name', isTitle: true, cell: ({ name }) => name },
  {
    header: 'Status',
    width: '9rem',
    cell: ({ deletedAt }) =>
      deletedAt === null ? (
        <StatusBadge tone="good">Works</StatusBadge>
      ) : (
        <StatusBadge tone="waiting">Being deleted</StatusBadge>
      ),
  },
  {
    header: 'Members',
    width: '7rem',
    cell: ({ members }) => (members === 1 ? '1 member' : `${members.toLocaleString()} members`),
  },
  { header: 'Id', width: '22rem', isExtra: true, cell: ({ id }) => <code>{id}</code> },
  { header: 'Created', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
]

/** All projects, of whomever they are; that one is the owner of the instance opens none of them. */
export function ProjectList() {
  const query = useInfiniteQuery(trpc.instance.projects.infiniteQueryOptions({}, { getNextPageParam: nextCursor }))
  return (
    <>
      <Title order={2} mt="xl" mb="sm">
        Projects
      </Title>
      <DataList
        label="Projects"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ id }) => id}
        columns={COLUMNS}
        empty={
          <EmptyState title="No projects yet" icon={<IconFolders size={22} />}>
            They show up here as soon as somebody makes one.
          </EmptyState>
        }
      />
    </>
  )
}
