import { Tabs, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'
import { AttachmentList } from '../../ui/attachment-list.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { headersOf } from '../../ui/mail-headers.ts'
import { MailPreview } from '../../ui/mail-preview.tsx'
import { MailSource } from '../../ui/mail-source.tsx'
import { ErrorState } from '../../ui/states.tsx'
import type { EmailDetails } from './email.tsx'

/** The mail as it was accepted: HTML, text, headers, source, attachments. */
export function EmailContent({ email }: { email: EmailDetails }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const load = (place: number) =>
    queryClient.fetchQuery(trpc.emails.attachment.queryOptions({ id: email.id, place }, { gcTime: 0 }))
  return (
    <Tabs defaultValue={email.html === null ? 'text' : 'html'} keepMounted={false}>
      <Tabs.List mb="md">
        {email.html !== null && <Tabs.Tab value="html">HTML</Tabs.Tab>}
        {email.text !== null && <Tabs.Tab value="text">Text</Tabs.Tab>}
        <Tabs.Tab value="headers">Headers</Tabs.Tab>
        {email.attachments.length > 0 && (
          <Tabs.Tab value="attachments">Attachments ({email.attachments.length})</Tabs.Tab>
        )}
        <Tabs.Tab value="source">Source</Tabs.Tab>
      </Tabs.List>
      {email.html !== null && (
        <Tabs.Panel value="html">
          <MailPreview html={email.html} subject={email.subject} />
        </Tabs.Panel>
      )}
      {email.text !== null && (
        <Tabs.Panel value="text">
          <CodeBlock code={email.text} label="text" wrap />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="headers">
        <Headers id={email.id} />
      </Tabs.Panel>
      {email.attachments.length > 0 && (
        <Tabs.Panel value="attachments">
          <AttachmentList attachments={email.attachments} load={load} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="source">
        <Source id={email.id} />
      </Tabs.Panel>
    </Tabs>
  )
}

/** Those of the whole message, and not only its own ones. */
function Headers({ id }: { id: string }) {
  const { trpc } = useProject()
  const { data, isError, error, refetch } = useQuery(trpc.emails.source.queryOptions({ id }))
  if (data !== undefined) return <KeyValue entries={headersOf(data.source)} />
  if (isError) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <Text c="dimmed" role="status">
      The headers are loading …
    </Text>
  )
}

function Source({ id }: { id: string }) {
  const { trpc } = useProject()
  const source = useQuery(trpc.emails.source.queryOptions({ id }))
  const isMade = source.data?.from === 'email'
  return (
    <MailSource
      query={source}
      note={
        isMade
          ? 'Made of the stored email; what is added on the way, such as a signature, is not in it.'
          : 'The message as it came over the wire.'
      }
      filename={`email-${id}`}
    />
  )
}
