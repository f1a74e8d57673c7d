import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { CopyableId } from '../../ui/copyable-id.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Time } from '../../ui/time.tsx'
import type { EmailDetails } from './email.tsx'
import { STREAM_WORDS } from './status.tsx'
import classes from './email-facts.module.css'

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
        ['Delivery', email.captured ? 'Built-in inbox' : 'Relay'],
        ['Id', <CopyableId key="id" id={email.id} />],
      ]}
    />
  )
}

function Tags({ tags }: { tags: string[] }) {
  const { id: projectId } = useProject()
  return (
    <span className={classes.tags}>
      {tags.map((tag) => (
        <Link key={tag} to="/p/$projectId/emails" params={{ projectId }} search={{ tag }} className={classes.tag}>
          {tag}
        </Link>
      ))}
    </span>
  )
}
