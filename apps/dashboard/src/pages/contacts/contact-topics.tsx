import { Button } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { Time } from '../../ui/time.tsx'
import { ConsentDialog } from './consent-dialog.tsx'
import { ConsentStateBadge } from './consent.tsx'
import type { Contact } from './contact.tsx'
import { Part } from './part.tsx'
import { useConsent } from './use-consent.ts'

type Topic = WireOutput<'contacts', 'topics'>['data'][number]

/** What a contact chose of the topics; nothing where the project has none. */
export function ContactTopics({ contact: { id, email } }: { contact: Contact }) {
  const { trpc, can } = useProject()
  const query = useQuery(trpc.contacts.topics.queryOptions({ id }))
  const change = useConsent(email)
  const [asked, setAsked] = useState<Topic>()
  const close = () => setAsked(undefined)
  if (query.data?.data.length === 0) return null
  const columns: Column<Topic>[] = [
    { header: 'Topic', isTitle: true, cell: ({ name }) => name },
    { header: 'State', width: '11rem', cell: ({ state }) => <ConsentStateBadge state={state} /> },
    {
      header: 'Chosen',
      width: '9rem',
      align: 'right',
      cell: ({ changedAt }) => (changedAt === null ? 'by default' : <Time at={changedAt} inList />),
    },
    ...(can('contacts:write') ? [choosing(setAsked)] : []),
  ]
  const gets = asked !== undefined && isChosen(asked)
  return (
    <Part title="Topics">
      <DataList
        label="Topics"
        query={query}
        items={query.data?.data}
        keyOf={(topic) => topic.id}
        columns={columns}
        empty={null}
      />
      <ConsentDialog
        opened={asked?.choice === false}
        onClose={close}
        title={`Choose “${asked?.name ?? ''}” for this contact?`}
        email={email}
        onAgreed={(consent) => change({ topics: { [asked?.id ?? '']: true }, consent })}
      />
      <ConfirmDialog
        opened={asked !== undefined && asked.choice !== false}
        onClose={close}
        title={gets ? `Leave “${asked.name}” for this contact?` : `Choose “${asked?.name ?? ''}” for this contact?`}
        confirm={gets ? 'Leave topic' : 'Choose topic'}
        isDangerous={false}
        onConfirm={() => change({ topics: { [asked?.id ?? '']: !gets } })}
      >
        {gets
          ? `${email} then gets it again only once they agree anew.`
          : `Only choose it if the person has agreed to get this mail from you.`}
      </ConfirmDialog>
    </Part>
  )
}

const isChosen = ({ choice, state }: Topic) => choice ?? state === 'subscribed'

const choosing = (ask: (topic: Topic) => void): Column<Topic> => ({
  header: 'What to do',
  isHeaderHidden: true,
  width: '7rem',
  align: 'right',
  cell: (topic) => {
    const label = isChosen(topic) ? 'Leave' : 'Choose'
    return (
      <Button size="compact-sm" variant="default" aria-label={`${label} ${topic.name}`} onClick={() => ask(topic)}>
        {label}
      </Button>
    )
  },
})
