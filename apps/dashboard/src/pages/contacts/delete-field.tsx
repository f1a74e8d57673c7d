import { Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import type { Field } from './fields.tsx'

interface DeleteFieldProps {
  /** Asks when there is one. */
  field: Field | undefined
  onClose(): void
  /** Told the id of the job that was begun. */
  onStarted(jobId: string): void
}

/** Deletes a field from all contacts, once that is confirmed; says before which templates would miss it. */
export function DeleteField({ field, onClose, onStarted }: DeleteFieldProps) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const name = field?.name ?? ''
  const usage = useQuery(trpc.contacts.fieldUsage.queryOptions({ field: name }, { enabled: field !== undefined }))
  const remove = useMutation(
    trpc.contacts.deleteField.mutationOptions({
      async onSuccess({ jobId }) {
        onStarted(jobId)
        await queryClient.invalidateQueries(trpc.jobs.pathFilter())
      },
    }),
  )
  const templates = usage.data?.usedInTemplates ?? []
  return (
    <ConfirmDialog
      opened={field !== undefined}
      onClose={onClose}
      title="Delete this field?"
      confirm="Delete field"
      onConfirm={() => remove.mutateAsync({ field: name })}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>
        “{name}” is deleted from all {new Intl.NumberFormat('en').format(field?.count ?? 0)} contacts that have it, for
        good.
      </Text>
      {templates.length > 0 && (
        <Text mt="xs" style={{ overflowWrap: 'anywhere' }}>
          These templates name it, and will have to do without: {templates.map(({ name: of }) => of).join(', ')}.
        </Text>
      )}
    </ConfirmDialog>
  )
}
