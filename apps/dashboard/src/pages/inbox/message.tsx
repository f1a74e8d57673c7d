import { Anchor, Button, Stack } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { codeOf } from '../../api/problem.ts'
import { useProject } from '../../shell/project-scope.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { bytes } from '../../ui/time-words.ts'
import { Time } from '../../ui/time.tsx'
import { InboxOff } from './inbox-off.tsx'
import { MessageContent } from './message-content.tsx'

export type MessageDetails = WireOutput<'inbox', 'get'>
type Mailbox = MessageDetails['headerTo'][number]

const route = getRouteApi('/in/p/$projectId/inbox/$messageId')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const { messageId } = route.useParams()
  const message = useQuery(trpc.inbox.get.queryOptions({ id: messageId }))
  if (codeOf(message.error) === 'INBOX_OFF') return <InboxOff />
  return (
    <>
      <BackLink to="/p/$projectId/inbox" params={{ projectId }}>
        Inbox
      </BackLink>
      <Loaded
        query={message}
        title="Message"
        missing={{
          code: 'MESSAGE_NOT_FOUND',
          title: 'No such message',
          why: 'The inbox may have been emptied, or the link was cut off.',
          action: (
            <Button renderRoot={(props) => <Link to="/p/$projectId/inbox" params={{ projectId }} {...props} />}>
              All messages
            </Button>
          ),
        }}
      >
        {(data) => (
          <>
            <PageHeader
              title={data.subject}
              lead={`to ${data.to.join(', ')}`}
              documentTitle={`Message to ${data.to.join(', ')}`}
            />
            <Stack gap="xl">
              <Facts message={data} />
              <MessageContent message={data} />
            </Stack>
          </>
        )}
      </Loaded>
    </>
  )
}

const mailbox = ({ email, name }: Mailbox) => (name === '' ? email : `${name} <${email}>`)
const mailboxes = (list: Mailbox[]) => (list.length === 0 ? undefined : list.map(mailbox).join(', '))

/** The headers that people look at, and what the envelope said where it differs. */
function Facts({ message }: { message: MessageDetails }) {
  const { id: projectId } = useProject()
  const named = new Set([...message.headerTo, ...message.headerCc].map(({ email }) => email.toLowerCase()))
  const hidden = message.to.filter((address) => !named.has(address.toLowerCase()))
  const isFromOther = message.headerFrom?.email.toLowerCase() !== message.from.toLowerCase()
  return (
    <KeyValue
      entries={[
        ['From', message.headerFrom === null ? message.from : mailbox(message.headerFrom)],
        ['Bounces go to', isFromOther && message.headerFrom !== null ? message.from : undefined],
        ['To', mailboxes(message.headerTo)],
        ['Cc', mailboxes(message.headerCc)],
        ['Bcc', hidden.length === 0 ? undefined : hidden.join(', ')],
        ['Reply to', mailboxes(message.replyTo)],
        ['Received', <Time key="received" at={message.receivedAt} exact />],
        ['Size', bytes(message.sizeBytes)],
        [
          'Email',
          <Anchor
            key="email"
            inherit
            renderRoot={(props) => (
              <Link to="/p/$projectId/emails/$emailId" params={{ projectId, emailId: message.emailId }} {...props} />
            )}
          >
            What happened to it
          </Anchor>,
        ],
      ]}
    />
  )
}
