import { Tabs, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'
import { AttachmentList } from '../../ui/attachment-list.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { MailPreview } from '../../ui/mail-preview.tsx'
import { MailSource } from '../../ui/mail-source.tsx'
import { FoundLinks } from './found-links.tsx'
import type { MessageDetails } from './message.tsx'

/** The message as a mail program reads it, and as it came over the wire. */
export function MessageContent({ message }: { message: MessageDetails }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const { id, html, text, attachments, links } = message
  const load = (place: number) =>
    queryClient.fetchQuery(trpc.inbox.attachment.queryOptions({ id, place }, { gcTime: 0 }))
  return (
    <Tabs defaultValue={html !== null ? 'html' : text !== null ? 'text' : 'headers'} keepMounted={false}>
      <Tabs.List mb="md">
        {html !== null && <Tabs.Tab value="html">HTML</Tabs.Tab>}
        {text !== null && <Tabs.Tab value="text">Text</Tabs.Tab>}
        <Tabs.Tab value="headers">Headers</Tabs.Tab>
        <Tabs.Tab value="links">Links ({links.length})</Tabs.Tab>
        {attachments.length > 0 && <Tabs.Tab value="attachments">Attachments ({attachments.length})</Tabs.Tab>}
        <Tabs.Tab value="source">Source</Tabs.Tab>
      </Tabs.List>
      {html !== null && (
        <Tabs.Panel value="html">
          <MailPreview html={html} subject={message.subject} />
        </Tabs.Panel>
      )}
      {text !== null && (
        <Tabs.Panel value="text">
          <CodeBlock code={text} label="text" wrap />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="headers">
        <KeyValue entries={message.headers.map(({ name, value }) => [name, value])} />
      </Tabs.Panel>
      <Tabs.Panel value="links">
        {links.length === 0 ? <Text c="dimmed">There is no link in this message.</Text> : <FoundLinks links={links} />}
      </Tabs.Panel>
      {attachments.length > 0 && (
        <Tabs.Panel value="attachments">
          <AttachmentList attachments={attachments} load={load} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="source">
        <Source id={id} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Source({ id }: { id: string }) {
  const { trpc } = useProject()
  const source = useQuery(trpc.inbox.source.queryOptions({ id }))
  return <MailSource query={source} note="The message as it came over the wire." filename={`message-${id}`} />
}
