import { Group } from '@mantine/core'
import { IconHistory, IconLogin2, IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { trpc } from '../../api/trpc.ts'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { isSignIn, wordsOf, type ActivityEntry, type ProviderNames } from './acts.ts'
import { deviceOf } from './device.ts'

/** Notices of changes are of projects; this is of none. */
const LOOK_AGAIN_MS = 5_000

const columns = (names: ProviderNames): Column<ActivityEntry>[] => [
  {
    header: 'What',
    isTitle: true,
    cell: (entry) => (
      <Group gap="xs" wrap="nowrap" fw={isSignIn(entry) ? 600 : undefined}>
        {isSignIn(entry) ? <IconLogin2 size={18} aria-hidden /> : <IconShieldCheck size={18} aria-hidden />}
        <span style={{ overflowWrap: 'anywhere' }}>{wordsOf(entry, names)}</span>
      </Group>
    ),
  },
  {
    header: 'Device',
    width: '11rem',
    cell: ({ userAgent }) => <span title={userAgent ?? undefined}>{deviceOf(userAgent)}</span>,
  },
  { header: 'Address', width: '9rem', cell: ({ ip }) => ip ?? 'unknown' },
  { header: 'When', width: '8.5rem', align: 'right', cell: ({ at }) => <Time at={at} inList /> },
]

/** What was done to one's own account, when and from where. */
export function Page() {
  const query = useQuery(trpc.account.activity.queryOptions({}, { staleTime: 0, refetchInterval: LOOK_AGAIN_MS }))
  const { data: options } = useQuery(trpc.account.options.queryOptions({}))
  const names = Object.fromEntries((options?.providers ?? []).map(({ id, name }) => [id, name]))
  return (
    <>
      <PageHeader
        title="Activity"
        documentTitle="Account activity"
        lead="The last 100 things that were done to your account. If you do not know one, sign out your other sessions and set a new password."
      />
      <DataList
        label="Activity"
        query={query}
        items={query.data?.data}
        keyOf={({ id }) => id}
        columns={columns(names)}
        empty={
          <EmptyState title="Nothing yet" icon={<IconHistory size={22} />}>
            Sign-ins and changes of how you sign in are written down here.
          </EmptyState>
        }
      />
    </>
  )
}
