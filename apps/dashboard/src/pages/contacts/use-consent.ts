import { notifications } from '@mantine/notifications'
import type { WireInput } from '@posthorn/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'

/** How somebody agreed. */
export type Wish = NonNullable<WireInput<'contacts', 'upsert'>['consent']>

/** Changes what a contact gets, and says where they are asked by mail first. */
export function useConsent(email: string) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const upsert = useMutation(
    trpc.contacts.upsert.mutationOptions({
      onSuccess({ _meta }) {
        if ([_meta.consent, ...Object.values(_meta.topics ?? {})].includes('pending')) {
          notifications.show({ message: 'They are asked by mail to confirm.' })
        }
        return queryClient.invalidateQueries(trpc.contacts.pathFilter())
      },
    }),
  )
  return (change: Omit<WireInput<'contacts', 'upsert'>, 'email'>) => upsert.mutateAsync({ email, ...change })
}
