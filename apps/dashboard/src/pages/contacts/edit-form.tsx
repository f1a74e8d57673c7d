import { Button, JsonInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useProject } from '../../shell/project-scope.ts'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import type { Contact } from './contact.tsx'

/** Changes the address and the data of a contact. */
export default function EditForm({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const { trpc } = useProject()
  const queryClient = useQueryClient()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: contact.email, data: JSON.stringify(contact.data, null, 2) },
    validate: {
      data: (text) => (objectIn(text) === undefined ? 'Expected a JSON object, such as {"plan": "pro"}.' : null),
    },
  })
  const update = useMutation(
    trpc.contacts.update.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.contacts.pathFilter()),
    }),
  )
  const { submit, isSaving, problem } = useSaving(form, async ({ email, data }) => {
    await update.mutateAsync({ id: contact.id, email, data: patch(contact.data, objectIn(data) ?? {}) })
    onClose()
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
          autoFocus
          data-autofocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <JsonInput
          label="Data"
          description="An object of JSON. What you take out is deleted."
          autosize
          minRows={6}
          maxRows={20}
          spellCheck={false}
          key={form.key('data')}
          {...form.getInputProps('data')}
        />
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Save
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  )
}

type Data = Contact['data']

function objectIn(text: string): Data | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : undefined
  } catch {
    return undefined
  }
}

/** The server merges, so what is gone has to be named. */
const patch = (before: Data, after: Data): Data | null =>
  Object.keys(after).length === 0
    ? null
    : { ...Object.fromEntries(Object.keys(before).map((key) => [key, null])), ...after }
