import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { trpc as personTrpc } from '../../api/trpc.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useProject } from '../../shell/project-scope.ts'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { ContactChoice } from './contact-choice.tsx'
import type { Template } from './kinds.tsx'

interface TestFormProps {
  template: Template
  /** What is typed is not in the test yet. */
  isUnsaved: boolean
  onClose(): void
}

/** Sends the newest version to one address. */
export default function TestForm({ template, isUnsaved, onClose }: TestFormProps) {
  const { trpc } = useProject()
  const { data: account } = useQuery(personTrpc.account.get.queryOptions({}))
  const [contact, setContact] = useState<string>()
  const form = useForm({ mode: 'uncontrolled', initialValues: { to: account?.email ?? '' } })
  const test = useMutation(trpc.templates.sendTest.mutationOptions())
  const { submit, isSaving, problem } = useSaving(form, async ({ to }) => {
    const { captured } = await test.mutateAsync({
      id: template.id,
      to,
      version: template.version,
      ...(contact !== undefined && { contact }),
    })
    onClose()
    notifications.show({ message: captured ? 'The test is in the inbox in a moment.' : `The test is sent to ${to}.` })
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <KeepTyped form={form} isSaving={isSaving} />
        <FormProblem problem={problem} />
        {isUnsaved && (
          <Alert color="yellow" variant="outline">
            What you changed is not saved yet, and is not in the test. Save the draft first to have it there.
          </Alert>
        )}
        <TextInput
          label="To"
          description="[TEST] stands before the subject."
          type="email"
          required
          autoFocus
          data-autofocus
          key={form.key('to')}
          {...form.getInputProps('to')}
        />
        <ContactChoice description="Whose data fills it." value={contact} onChange={setContact} />
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Send test
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  )
}
