import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

/** Empties the inbox, once that is confirmed. The palette offers the same. */
export function ClearInbox() {
  const { trpc, can } = useProject()
  const queryClient = useQueryClient()
  const [isAsked, dialog] = useDisclosure()
  const clear = useMutation(
    trpc.inbox.clear.mutationOptions({
      onSuccess: async ({ deleted }) => {
        await queryClient.invalidateQueries(trpc.inbox.pathFilter())
        notifications.show({ message: `${deleted === 1 ? 'One message was' : `${deleted} messages were`} deleted.` })
      },
    }),
  )
  const mayClear = can('inbox:write')
  useActions(
    mayClear
      ? [{ id: 'clear-inbox', label: 'Empty inbox', group: 'This page', icon: IconTrash, run: dialog.open }]
      : [],
  )
  if (!mayClear) return null
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={dialog.open}>
        Empty inbox
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={dialog.close}
        title="Empty the inbox?"
        confirm="Delete all messages"
        onConfirm={() => clear.mutateAsync({})}
      >
        Every message of this project in the inbox is deleted, also those that the filters hide. The emails themselves
        and what happened to them stay.
      </ConfirmDialog>
    </>
  )
}
