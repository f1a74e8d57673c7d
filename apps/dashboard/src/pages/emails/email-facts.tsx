import { Anchor, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { CopyableId } from '../../ui/copyable-id.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Time } from '../../ui/time.tsx'
import type { EmailDetails } from './email.tsx'
import { STREAM_WORDS } from './status.tsx'

const mailbox = ({ email, name }: { email: string; name: string | null }) => (name ? `${name} <${email}>` : email)

export function EmailFacts({ email }: { email: EmailDetails }) {
  const { id: projectId } = useProject()
  return (
    <KeyValue
      entries={[
        ['From', mailbox(email.from)],
        [
          'To',
          <Anchor
            key="to"
            inherit
            renderRoot={(props) => (
              <Link
                to="/p/$projectId/contacts/$contactId"
                params={{ projectId, contactId: email.contactId }}
                {...props}
              />
            )}
          >
            {mailbox(email.to)}
          </Anchor>,
        ],
        ['Cc', email.cc.length > 0 ? email.cc.map(mailbox).join(', ') : undefined],
        ['Bcc', email.bcc.length > 0 ? email.bcc.map(mailbox).join(', ') : undefined],
        ['Reply to', email.replyTo === null ? undefined : mailbox(email.replyTo)],
        ['Kind', STREAM_WORDS[email.stream]],
        ['Tags', email.tags.length > 0 ? <Tags key="tags" tags={email.tags} /> : undefined],
        ['Accepted', <Time key="accepted" at={email.createdAt} exact />],
        ['Scheduled for', email.scheduledAt === null ? undefined : <Time key="due" at={email.scheduledAt} exact />],
        ['Ended', email.endedAt === null ? undefined : <Time key="ended" at={email.endedAt} exact />],
        ['Goes to', email.captured ? 'the built-in inbox' : 'the relay'],
        ['Id', <CopyableId key="id" id={email.id} />],
      ]}
    />
  )
}

function Tags({ tags }: { tags: string[] }) {
  const { id: projectId } = useProject()
  return (
    <Group gap="sm">
      {tags.map((tag) => (
        <Anchor
          key={tag}
          inherit
          renderRoot={(props) => <Link to="/p/$projectId/emails" params={{ projectId }} search={{ tag }} {...props} />}
        >
          {tag}
        </Anchor>
      ))}
    </Group>
  )
}
