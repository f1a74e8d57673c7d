import { Button, Checkbox, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useProject } from '../../shell/project-scope.ts'
import { DialogFooter } from '../../ui/dialog-footer.tsx'

/** Goes on to the new contact. */
export default function AddForm({ onClose }: { onClose(): void }) {
  const { trpc, id: projectId } = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', subscribed: false } })
  const upsert = useMutation(
    trpc.contacts.upsert.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.contacts.pathFilter()),
    }),
  )
  const { submit, isSaving, problem } = useSaving(form, async ({ email, subscribed }) => {
    const { id } = await upsert.mutateAsync({ email, subscribed })
    onClose()
    await navigate({ to: '/p/$projectId/contacts/$contactId', params: { projectId, contactId: id } })
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <KeepTyped form={form} isSaving={isSaving} />
        <FormProblem problem={problem} />
        <TextInput
          label="E-mail address"
          type="email"
          required
          // The dialog had its focus elsewhere while this form was on its way.
          autoFocus
          data-autofocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <Checkbox
          label="Subscribed"
          description="Only for somebody who has agreed to get mail from you. A contact that is known already is changed."
          key={form.key('subscribed')}
          {...form.getInputProps('subscribed', { type: 'checkbox' })}
        />
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Add contact
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  )
}
