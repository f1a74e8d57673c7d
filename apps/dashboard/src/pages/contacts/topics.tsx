import { ActionIcon, Group, Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconPencil, IconTags, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { aboveRowLink, DataList, type Column } from '../../ui/data-list.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { TopicDialog, useTopicDialog } from './topic-dialog.tsx'

export type Topic = WireOutput<'topics', 'list'>['data'][number]

/** The kinds of mail that people choose by themselves. */
export function Page() {
  const { trpc, can } = useProject()
  const query = useQuery(trpc.topics.list.queryOptions({}))
  const [asked, setAsked] = useState<Topic>()
  const mayChange = can('contacts:write')
  const dialog = useTopicDialog(mayChange)
  return (
    <>
      <PageHeader
        title="Topics"
        lead="Kinds of mail that people choose and leave by themselves."
        actions={dialog.button}
      />
      <DataList
        label="Topics"
        query={query}
        items={query.data?.data}
        keyOf={({ id }) => id}
        columns={[...COLUMNS, ...(mayChange ? [actions({ edit: dialog.edit, ask: setAsked })] : [])]}
        empty={
          <EmptyState title="No topics yet" icon={<IconTags size={22} />}>
            With topics, somebody who has had enough of one newsletter can leave it and keep the others.
          </EmptyState>
        }
      />
      <TopicDialog {...dialog.props} />
      <DeleteTopic topic={asked} onClose={() => setAsked(undefined)} />
    </>
  )
}

const COLUMNS: Column<Topic>[] = [
  {
    header: 'Topic',
    isTitle: true,
    cell: ({ name, description }) => (
      <div style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>
        {name}
        {description !== null && (
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        )}
      </div>
    ),
  },
  { header: 'Id', width: '11rem', cell: ({ id }) => id },
  {
    header: 'Goes to',
    width: '10rem',
    cell: ({ subscribedByDefault }) => (subscribedByDefault ? 'Who has not left it' : 'Who has chosen it'),
  },
  {
    header: 'Double opt-in',
    width: '8rem',
    isExtra: true,
    cell: ({ doubleOptIn }) => (doubleOptIn ? 'Yes' : 'No'),
  },
  { header: 'Offered', width: '6rem', isExtra: true, cell: ({ visible }) => (visible ? 'Yes' : 'No') },
]

interface Actions {
  edit(topic: Topic): void
  ask(topic: Topic): void
}

const actions = ({ edit, ask }: Actions): Column<Topic> => ({
  header: 'What to do',
  isHeaderHidden: true,
  width: '6rem',
  align: 'right',
  cell: (topic) => (
    <Group gap={4} wrap="nowrap" justify="flex-end" className={aboveRowLink}>
      <ActionIcon variant="subtle" color="gray" aria-label={`Edit ${topic.name}`} onClick={() => edit(topic)}>
        <IconPencil size={17} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={`Delete ${topic.name}`} onClick={() => ask(topic)}>
        <IconTrash size={17} aria-hidden />
      </ActionIcon>
    </Group>
  ),
})

function DeleteTopic({ topic, onClose }: { topic: Topic | undefined; onClose(): void }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.topics.delete.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.topics.pathFilter()),
    }),
  )
  return (
    <ConfirmDialog
      opened={topic !== undefined}
      onClose={onClose}
      title="Delete this topic?"
      confirm="Delete topic"
      onConfirm={() => remove.mutateAsync({ id: topic?.id ?? '' })}
    >
      What people chose of “{topic?.name}” is deleted with it. The way out in mail that was sent for it then leaves all
      mail of this project.
    </ConfirmDialog>
  )
}
