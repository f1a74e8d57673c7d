import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { FormModal } from '../../forms/form-modal.tsx'
import { useActions } from '../../shell/actions.ts'
import { PageLoading } from '../../shell/route-states.tsx'
import type { Topic } from './topics.tsx'

const TopicForm = loadedLater(() => import('./topic-form.tsx'))

interface TopicDialogProps {
  isOpen: boolean
  /** The one that is changed; undefined: a new one. */
  topic: Topic | undefined
  onClose(): void
}

/** Opens the form of a new topic or of one that there is. The palette offers the new one. */
export function useTopicDialog(mayChange: boolean) {
  const [open, setOpen] = useState<{ topic: Topic | undefined }>()
  const create = () => setOpen({ topic: undefined })
  useActions(
    mayChange ? [{ id: 'add-topic', label: 'New topic', group: 'This page', icon: IconPlus, run: create }] : [],
  )
  const props: TopicDialogProps = {
    isOpen: open !== undefined,
    topic: open?.topic,
    onClose: () => setOpen(undefined),
  }
  return {
    props,
    edit: (topic: Topic) => setOpen({ topic }),
    button: mayChange && (
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
        New topic
      </Button>
    ),
  }
}

export function TopicDialog({ isOpen, topic, onClose }: TopicDialogProps) {
  return (
    <FormModal opened={isOpen} onClose={onClose} title={topic === undefined ? 'New topic' : 'Edit the topic'}>
      <Suspense fallback={<PageLoading />}>
        <TopicForm topic={topic} onClose={onClose} />
      </Suspense>
    </FormModal>
  )
}
