import { Anchor, Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { Time } from '../../ui/time.tsx'
import { dataInBrief } from '../events/brief.ts'
import { Part } from './part.tsx'

type Event = WireOutput<'events', 'list'>['data'][number]

const SHOWN = 10

/** The last events of a contact. */
export function ContactEvents({ email }: { email: string }) {
  const { id: projectId, trpc } = useProject()
  const query = useQuery(trpc.events.list.queryOptions({ email, limit: SHOWN }))
  const columns: Column<Event>[] = [
    {
      header: 'Event',
      isTitle: true,
      width: '16rem',
      cell: ({ id, name }) => (
        <Link to="/p/$projectId/events" params={{ projectId }} search={{ email, event: id }} className={rowLink}>
          <span title={name}>{name}</span>
        </Link>
      ),
    },
    { header: 'Data', cell: ({ data }) => dataInBrief(data) },
    { header: 'Reported', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
  ]
  return (
    <Part
      title="Events"
      all={
        query.data?.hasMore === true && (
          <Anchor
            renderRoot={(props) => (
              <Link to="/p/$projectId/events" params={{ projectId }} search={{ email }} {...props} />
            )}
          >
            All events of this contact
          </Anchor>
        )
      }
    >
      <DataList
        label="Events"
        query={query}
        items={query.data?.data}
        keyOf={({ id }) => id}
        columns={columns}
        empty={<Text c="dimmed">Your app has reported nothing of this contact yet.</Text>}
      />
    </Part>
  )
}
