import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import type { Enrolment } from './totp-setup.tsx'

export type SecondFactorTask = 'enable' | 'codes' | 'disable'

const WORDS: Record<SecondFactorTask, { title: string; text: string; confirm: string }> = {
  enable: { title: 'Turn on the second factor', text: 'Give your password to begin.', confirm: 'Go on' },
  codes: {
    title: 'New recovery codes',
    text: 'The codes that you have now stop working.',
    confirm: 'Make new codes',
  },
  disable: {
    title: 'Turn off the second factor',
    text: 'From then on the password alone is enough to sign in.',
    confirm: 'Turn off',
  },
}

interface PasswordDialogProps {
  task: SecondFactorTask
  onClose(): void
  onEnrolment(enrolment: Enrolment): void
  onCodes(codes: readonly string[]): void
  onDisabled(): void
}

/** Whatever changes the second factor takes the password. */
export default function PasswordDialog(props: PasswordDialogProps) {
  return (
    <Modal opened onClose={props.onClose} title={WORDS[props.task].title}>
      <PasswordForm {...props} />
    </Modal>
  )
}

function PasswordForm({ task, onClose, onEnrolment, onCodes, onDisabled }: PasswordDialogProps) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '' } })
  const fields = { INVALID_PASSWORD: 'password' }
  const { submit, isSaving, problem } = useSaving(form, async ({ password }) => {
    if (task === 'enable') {
      const begun = await answered(() => auth.twoFactor.enable({ password }), fields)
      if (begun.method === 'totp') onEnrolment(begun)
    }
    if (task === 'codes') {
      onCodes((await answered(() => auth.twoFactor.generateBackupCodes({ password }), fields)).backupCodes)
    }
    if (task === 'disable') {
      await answered(() => auth.twoFactor.disable({ password }), fields)
      onDisabled()
    }
    onClose()
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{WORDS[task].text}</Text>
        <FormProblem problem={problem} />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          data-autofocus
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            {WORDS[task].confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
