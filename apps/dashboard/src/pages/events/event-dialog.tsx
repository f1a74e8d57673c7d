import { Anchor, Modal, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyableId } from '../../ui/copyable-id.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Time } from '../../ui/time.tsx'
import type { Event } from './events.tsx'

/** All that is known of one event; closed without one. */
export function EventDialog({ event, onClose }: { event: Event | undefined; onClose(): void }) {
  // What was open stays to be seen while the dialog fades out.
  const [shown, setShown] = useState(event)
  if (event !== undefined && event !== shown) setShown(event)
  return (
    <Modal opened={event !== undefined} onClose={onClose} title={shown?.name ?? ''} size="lg">
      {shown !== undefined && <Details event={shown} />}
    </Modal>
  )
}

function Details({ event }: { event: Event }) {
  const { id: projectId } = useProject()
  return (
    <Stack>
      <KeyValue
        entries={[
          [
            'Contact',
            <Anchor
              key="contact"
              inherit
              renderRoot={(props) => (
                <Link
                  to="/p/$projectId/contacts/$contactId"
                  params={{ projectId, contactId: event.contactId }}
                  {...props}
                />
              )}
            >
              {event.email}
            </Anchor>,
          ],
          ['Reported', <Time key="reported" at={event.createdAt} exact />],
          ['Id', <CopyableId key="id" id={event.id} />],
        ]}
      />
      {Object.keys(event.data).length > 0 ? (
        <CodeBlock code={JSON.stringify(event.data, null, 2)} label="data of the event" wrap />
      ) : (
        <Text c="dimmed">It was reported without data.</Text>
      )}
    </Stack>
  )
}
