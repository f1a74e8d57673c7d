import { Button, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { LIMITS } from '@posthorn/contracts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import type { Wish } from './use-consent.ts'

interface ConsentFormProps {
  email: string
  /** Subscribes the contact with how they agreed. */
  onAgreed(wish: Wish): Promise<unknown>
  onClose(): void
}

/** Asks how somebody who opted out has agreed anew, which is kept as the proof. */
export default function ConsentForm({ email, onAgreed, onClose }: ConsentFormProps) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { source: '', text: '' } })
  const { submit, isSaving, problem } = useSaving(form, async ({ source, text }) => {
    await onAgreed({ source, ...(text.trim() !== '' && { text }) })
    onClose()
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <KeepTyped form={form} isSaving={isSaving} />
        <FormProblem problem={problem} />
        <Text style={{ overflowWrap: 'anywhere' }}>
          {email} opted out. Only go on if the person has agreed anew; how they did is kept as the proof.
        </Text>
        <TextInput
          label="Where they agreed"
          description="Such as “on the phone” or the address of a page."
          required
          autoFocus
          data-autofocus
          maxLength={LIMITS.consentSourceLength}
          key={form.key('source')}
          {...form.getInputProps('source')}
        />
        <Textarea
          label="What they agreed to"
          description="The words, or the name of their version."
          autosize
          maxRows={6}
          maxLength={LIMITS.consentTextLength}
          key={form.key('text')}
          {...form.getInputProps('text')}
        />
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Subscribe
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  )
}
