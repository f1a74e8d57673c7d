import { useMutation, useQueryClient } from '@tanstack/react-query'
import { trpc as personTrpc } from '../../../api/trpc.ts'
import { useProject } from '../../../shell/project-scope.ts'

/** What can be done with members and invitations. The lists are current once a promise is kept. */
export function useMembers() {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const onSuccess = () => queryClient.invalidateQueries(trpc.members.pathFilter())
  return {
    invite: useMutation(trpc.members.invite.mutationOptions({ onSuccess })),
    resend: useMutation(trpc.members.resendInvitation.mutationOptions({ onSuccess })),
    revoke: useMutation(trpc.members.revokeInvitation.mutationOptions({ onSuccess })),
    remove: useMutation(trpc.members.remove.mutationOptions({ onSuccess })),
    changeRole: useMutation(
      trpc.members.changeRole.mutationOptions({
        async onSuccess({ isSelf }) {
          // What one may do oneself stands in the list of one's projects.
          if (isSelf) await queryClient.invalidateQueries(personTrpc.projects.list.pathFilter())
          await onSuccess()
        },
      }),
    ),
  }
}
