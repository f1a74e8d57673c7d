import { useMutation } from '@tanstack/react-query'
import { trpc } from '../../api/trpc.ts'
import { useEntry } from '../../auth/use-entry.ts'

/** Joins the project of an invitation, and goes there. */
export function useAccept(): (token: string) => Promise<void> {
  const enter = useEntry()
  const accept = useMutation(trpc.invitations.accept.mutationOptions())
  return async (token) => {
    const { projectId } = await accept.mutateAsync({ token })
    await enter(`/p/${projectId}`)
  }
}
