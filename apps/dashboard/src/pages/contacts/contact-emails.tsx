import { Anchor, Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { DataList, rowLink, type Column } from '../../ui/data-list.tsx'
import { Time } from '../../ui/time.tsx'
import { EmailStatusBadge } from '../emails/status.tsx'
import { Part } from './part.tsx'

type Email = WireOutput<'emails', 'list'>['data'][number]

const SHOWN = 10

/** The last mails to a contact. */
export function ContactEmails({ email }: { email: string }) {
  const { id: projectId, trpc } = useProject()
  const query = useQuery(trpc.emails.list.queryOptions({ to: email, limit: SHOWN }))
  const columns: Column<Email>[] = [
    {
      header: 'Subject',
      isTitle: true,
      cell: ({ id, subject }) => (
        <Link to="/p/$projectId/emails/$emailId" params={{ projectId, emailId: id }} className={rowLink}>
          <span title={subject}>{subject}</span>
        </Link>
      ),
    },
    { header: 'Status', width: '8rem', cell: ({ status }) => <EmailStatusBadge status={status} /> },
    { header: 'Accepted', width: '9rem', align: 'right', cell: ({ createdAt }) => <Time at={createdAt} inList /> },
  ]
  return (
    <Part
      title="Emails"
      all={
        query.data?.hasMore === true && (
          <Anchor
            renderRoot={(props) => (
              <Link to="/p/$projectId/emails" params={{ projectId }} search={{ to: email }} {...props} />
            )}
          >
            All emails to this address
          </Anchor>
        )
      }
    >
      <DataList
        label="Emails"
        query={query}
        items={query.data?.data}
        keyOf={({ id }) => id}
        columns={columns}
        empty={<Text c="dimmed">No mail was sent to this address yet.</Text>}
      />
    </Part>
  )
}
