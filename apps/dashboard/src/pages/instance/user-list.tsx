import { Group, Text, Title } from '@mantine/core'
import type { WirePeopleOutput } from '@posthorn/contracts'
import { IconUsers } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { trpc } from '../../api/trpc.ts'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { EmptyState } from '../../ui/states.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'

type User = WirePeopleOutput<'instance', 'users'>['data'][number]

const COLUMNS: Column<User>[] = [
  {
    header: 'Name',
    isTitle: true,
    cell: ({ name, isInstanceOwner }) => (
      <Group gap="xs" wrap="nowrap">
        <Text span inherit truncate title={name}>
          {name}
        </Text>
        {isInstanceOwner && <StatusBadge tone="busy">Owner</StatusBadge>}
      </Group>
    ),
  },
  { header: 'Address', cell: ({ email }) => email },
  {
    header: 'Projects',
    width: '7rem',
    cell: ({ projects }) => (projects === 1 ? '1 project' : `${projects.toLocaleString()} projects`),
  },
  {
    header: 'Last seen',
    width: '9rem',
    isExtra: true,
    cell: ({ lastSeenAt }) => (lastSeenAt === null ? 'signed in nowhere' : <Time at={lastSeenAt} inList />),
  },
  { header: 'Joined', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
]

/** All accounts. */
export function UserList() {
  const query = useInfiniteQuery(trpc.instance.users.infiniteQueryOptions({}, { getNextPageParam: nextCursor }))
  return (
    <>
      <Title order={2} mt="xl" mb="sm">
        People
      </Title>
      <DataList
        label="People"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ id }) => id}
        columns={COLUMNS}
        empty={
          <EmptyState title="Nobody has an account yet" icon={<IconUsers size={22} />}>
            The first one is made by the set-up link.
          </EmptyState>
        }
      />
    </>
  )
}
