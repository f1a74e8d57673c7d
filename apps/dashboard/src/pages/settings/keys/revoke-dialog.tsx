import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useProject } from '../../../shell/project-scope.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { LastUsed } from './last-used.tsx'
import type { Key } from './living.ts'

interface RevokeDialogProps {
  of: Key
  opened: boolean
  onClose(): void
}

/** Ends a key, be it one of its own or one in its overlap. */
export function RevokeDialog({ of, opened, onClose }: RevokeDialogProps) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const revoke = useMutation(trpc.keys.revoke.mutationOptions())
  const isReplaced = of.status === 'expiring'
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={isReplaced ? 'End the old key now?' : `Revoke ${of.name}?`}
      confirm={isReplaced ? 'End it now' : 'Revoke key'}
      onConfirm={async () => {
        await revoke.mutateAsync({ id: of.id })
        await queryClient.invalidateQueries(trpc.keys.pathFilter())
        notifications.show({ message: `${of.hint} no longer works.` })
      }}
    >
      Whatever still uses <code>{of.hint}</code> is refused from that moment on, with status 401. This cannot be undone.{' '}
      <LastUsed of={of} asSentence />
    </ConfirmDialog>
  )
}
