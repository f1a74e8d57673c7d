import { Button, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../shell/project-scope.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyableId } from '../../ui/copyable-id.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Time } from '../../ui/time.tsx'
import { ConsentBadge } from './consent.tsx'
import { ContactActions } from './contact-actions.tsx'
import { ContactEmails } from './contact-emails.tsx'
import { ContactEvents } from './contact-events.tsx'
import { ConsentLog } from './consent-log.tsx'
import { ContactTopics } from './contact-topics.tsx'

export type Contact = WireOutput<'contacts', 'get'>

const route = getRouteApi('/in/p/$projectId/contacts/$contactId')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const { contactId } = route.useParams()
  const contact = useQuery(trpc.contacts.get.queryOptions({ id: contactId }))
  return (
    <>
      <BackLink to="/p/$projectId/contacts" params={{ projectId }}>
        Contacts
      </BackLink>
      <Loaded
        query={contact}
        title="Contact"
        missing={{
          code: 'CONTACT_NOT_FOUND',
          title: 'No such contact',
          why: 'It may have been deleted or belong to another project, or the link was cut off.',
          action: (
            <Button renderRoot={(props) => <Link to="/p/$projectId/contacts" params={{ projectId }} {...props} />}>
              All contacts
            </Button>
          ),
        }}
      >
        {(data) => (
          <>
            <PageHeader
              title={data.email}
              lead={<ConsentBadge subscribed={data.subscribed} optedOutAt={data.optedOutAt} />}
              actions={<ContactActions contact={data} />}
            />
            <Body contact={data} />
          </>
        )}
      </Loaded>
    </>
  )
}

function Body({ contact }: { contact: Contact }) {
  const hasFacts = Object.keys(contact.data).length > 0
  return (
    <Stack gap="xl">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="xl">
        <section aria-labelledby="facts-of-contact">
          <Title order={2} id="facts-of-contact" mb="sm">
            Contact
          </Title>
          <KeyValue
            entries={[
              ['Address', contact.email],
              ['Known since', <Time key="created" at={contact.createdAt} exact />],
              ['Changed', <Time key="updated" at={contact.updatedAt} exact />],
              ['Id', <CopyableId key="id" id={contact.id} />],
            ]}
          />
        </section>
        <section aria-labelledby="data-of-contact">
          <Title order={2} id="data-of-contact" mb="sm">
            Data
          </Title>
          {hasFacts ? (
            <CodeBlock code={JSON.stringify(contact.data, null, 2)} label="data as JSON" wrap />
          ) : (
            <Text c="dimmed">
              Nothing is known yet. What is sent as data with a mail or an event is kept here, for templates and
              segments.
            </Text>
          )}
        </section>
      </SimpleGrid>
      <ContactTopics contact={contact} />
      <ConsentLog contact={contact} />
      <ContactEmails email={contact.email} />
      <ContactEvents email={contact.email} />
    </Stack>
  )
}
