import { Button, Checkbox, Group, Text } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconBell, IconBellOff, IconTrash, type Icon } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import type { Selection } from './selection.ts'

const ACTS = {
  bulkSubscribe: {
    label: 'Subscribe',
    icon: IconBell,
    title: 'Subscribe these contacts?',
    why: 'Only subscribe people who have agreed to get mail from you.',
  },
  bulkUnsubscribe: {
    label: 'Unsubscribe',
    icon: IconBellOff,
    title: 'Unsubscribe these contacts?',
    why: 'They then get no campaigns any more. Mail that is asked for, such as a reset of a password, still arrives.',
  },
  bulkDelete: {
    label: 'Delete',
    icon: IconTrash,
    title: 'Delete these contacts?',
    why: 'Their data and events are deleted for good. Mails that were sent to them stay readable.',
  },
} as const satisfies Record<string, { label: string; icon: Icon; title: string; why: string }>

type Act = keyof typeof ACTS
const ACT_NAMES = Object.keys(ACTS) as Act[] // Safe because these are its keys.

interface BulkBarProps {
  selection: Selection
  /** The ids that are on the screen. */
  shown: readonly string[]
  /** Whether more fits than is on the screen. */
  hasMore: boolean
  /** Told the id of the job that was begun. */
  onStarted(jobId: string): void
}

/** Picks contacts, and does something to all that are picked. */
export function BulkBar({ selection, shown, hasMore, onStarted }: BulkBarProps) {
  const [asked, setAsked] = useState<Act>()
  const start = useStart((jobId) => {
    selection.clear()
    onStarted(jobId)
  })
  const taken = shown.filter(selection.has).length
  const isAllShown = taken === shown.length
  useActions(
    selection.isEmpty
      ? []
      : ACT_NAMES.map((act) => ({
          id: `contacts-${act}`,
          label: `${ACTS[act].label} ${selection.words}`,
          group: 'This page',
          icon: ACTS[act].icon,
          run: () => setAsked(act),
        })),
  )
  const { title, why, label } = ACTS[asked ?? 'bulkDelete']
  return (
    <Group mb="sm" gap="sm" role="group" aria-label="What is picked">
      <Checkbox
        size="md"
        label={selection.isEmpty ? 'Select all shown' : `Selected: ${selection.words}`}
        checked={isAllShown}
        indeterminate={taken > 0 && !isAllShown}
        onChange={() => selection.setAll(shown, !isAllShown)}
      />
      {isAllShown && hasMore && !selection.isOfFilter && (
        <Button variant="subtle" size="compact-md" onClick={selection.takeAllThatFit}>
          Select all that fit
        </Button>
      )}
      {!selection.isEmpty &&
        ACT_NAMES.map((act) => {
          const { label, icon: Icon } = ACTS[act]
          return (
            <Button
              key={act}
              variant="default"
              size="compact-md"
              leftSection={<Icon size={16} aria-hidden />}
              onClick={() => setAsked(act)}
            >
              {label}
            </Button>
          )
        })}
      <ConfirmDialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={title}
        confirm={label}
        isDangerous={asked === 'bulkDelete'}
        onConfirm={async () => asked && start(asked, selection.input)}
      >
        <Text>This is about {selection.words}.</Text>
        <Text mt="xs">{why}</Text>
      </ConfirmDialog>
    </Group>
  )
}

/** Begins the job, and shows it at once. */
function useStart(onStarted: (jobId: string) => void) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const onSuccess = async ({ jobId }: WireOutput<'contacts', 'bulkDelete'>) => {
    onStarted(jobId)
    await queryClient.invalidateQueries(trpc.jobs.pathFilter())
  }
  const subscribe = useMutation(trpc.contacts.bulkSubscribe.mutationOptions({ onSuccess }))
  const unsubscribe = useMutation(trpc.contacts.bulkUnsubscribe.mutationOptions({ onSuccess }))
  const remove = useMutation(trpc.contacts.bulkDelete.mutationOptions({ onSuccess }))
  const calls = { bulkSubscribe: subscribe, bulkUnsubscribe: unsubscribe, bulkDelete: remove }
  return (act: Act, input: Selection['input']) => calls[act].mutateAsync(input)
}
