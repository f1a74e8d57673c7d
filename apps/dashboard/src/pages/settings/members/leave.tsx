import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { forgetProject, trpc as personTrpc } from '../../../api/trpc.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'

/** Leaves the project oneself. */
export function LeaveDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const { id, name, trpc } = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const leave = useMutation(trpc.members.leave.mutationOptions())
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Leave ${name}?`}
      confirm="Leave project"
      onConfirm={async () => {
        await leave.mutateAsync({})
        // In place of the notice that the project is no longer open to one, which has the same id.
        notifications.hide(id)
        notifications.show({ id, message: `You have left ${name}.` })
        await queryClient.invalidateQueries(personTrpc.projects.list.pathFilter())
        await navigate({ to: '/' })
        forgetProject(id)
      }}
    >
      You see nothing of it any more, from that moment on. An owner or admin can invite you again.
    </ConfirmDialog>
  )
}
