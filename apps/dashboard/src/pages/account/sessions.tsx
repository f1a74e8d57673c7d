import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDeviceDesktopOff } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { problemOf } from '../../api/problem.ts'
import { queryClient, trpc } from '../../api/trpc.ts'
import { leave } from '../../auth/leave.ts'
import { useActions } from '../../shell/actions.ts'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import { deviceOf } from './device.ts'

interface Session {
  id: string
  isCurrent: boolean
  createdAt: string
  lastSeenAt: string
  ip: string | null
  userAgent: string | null
}

const refresh = () => queryClient.invalidateQueries(trpc.account.sessions.pathFilter())
const onError = (error: unknown) => notifications.show({ color: 'red', message: problemOf(error).message })

/** Where one is signed in. */
export function Page() {
  const query = useQuery(trpc.account.sessions.queryOptions({}))
  const end = useMutation(trpc.account.endSession.mutationOptions({ onSuccess: refresh, onError }))
  const endOthers = useMutation(trpc.account.endOtherSessions.mutationOptions({ onSuccess: refresh, onError }))
  const sessions = query.data?.data
  const hasOthers = (sessions ?? []).some(({ isCurrent }) => !isCurrent)
  useActions(
    hasOthers
      ? [
          {
            id: 'end-other-sessions',
            label: 'Sign out all others',
            group: 'This page',
            icon: IconDeviceDesktopOff,
            run: () => endOthers.mutate({}),
          },
        ]
      : [],
  )
  const columns: Column<Session>[] = [
    {
      header: 'Device',
      isTitle: true,
      cell: ({ userAgent, isCurrent }) => (
        <Group gap="xs">
          <span title={userAgent ?? undefined}>{deviceOf(userAgent)}</span>
          {isCurrent && <StatusBadge tone="good">This one</StatusBadge>}
        </Group>
      ),
    },
    { header: 'Address', width: '10rem', cell: ({ ip }) => ip ?? 'unknown' },
    { header: 'Last seen', width: '8.5rem', cell: ({ lastSeenAt }) => <Time at={lastSeenAt} inList /> },
    { header: 'Signed in', width: '8.5rem', isExtra: true, cell: ({ createdAt }) => <Time at={createdAt} inList /> },
    {
      header: 'Change',
      width: '7rem',
      align: 'right',
      cell: ({ id, isCurrent, userAgent }) => (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={isCurrent ? 'Sign out here' : `Sign out ${deviceOf(userAgent)}`}
          onClick={() => (isCurrent ? void leave() : end.mutate({ id }))}
        >
          Sign out
        </Button>
      ),
    },
  ]
  return (
    <>
      <PageHeader
        title="Sessions"
        lead="Where you are signed in. What you sign out is over at once, in open tabs too."
        actions={
          hasOthers && (
            <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate({})}>
              Sign out all others
            </Button>
          )
        }
      />
      <DataList
        label="Sessions"
        query={query}
        items={sessions}
        keyOf={({ id }) => id}
        columns={columns}
        empty={<EmptyState title="No sessions">You are signed in nowhere.</EmptyState>}
      />
    </>
  )
}
