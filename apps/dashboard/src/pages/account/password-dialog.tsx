import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { answered } from '../../auth/answer.ts'
import { disableSecondFactor, enableSecondFactor, newRecoveryCodes } from '../../auth/routes.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useAccount } from '../../shell/person.tsx'
import { useFocusBack } from '../../ui/use-focus-back.ts'
import type { Enrolment } from './totp-setup.tsx'

export type SecondFactorTask = 'enable' | 'codes' | 'disable'

const WORDS: Record<SecondFactorTask, { title: string; text: string; confirm: string }> = {
  enable: {
    title: 'Turn on the second factor',
    text: 'It takes an authenticator app, on your phone for example.',
    confirm: 'Go on',
  },
  codes: {
    title: 'New recovery codes',
    text: 'The codes that you have now stop working.',
    confirm: 'Make new codes',
  },
  disable: {
    title: 'Turn off the second factor',
    text: 'From then on nothing is asked for beside the password or the provider.',
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

/** Whatever changes the second factor takes the password, where there is one. */
export default function PasswordDialog(props: PasswordDialogProps) {
  useFocusBack(true)
  return (
    <Modal opened returnFocus={false} onClose={props.onClose} title={WORDS[props.task].title}>
      <PasswordForm {...props} />
    </Modal>
  )
}

function PasswordForm({ task, onClose, onEnrolment, onCodes, onDisabled }: PasswordDialogProps) {
  const { hasPassword } = useAccount()
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '' } })
  const fields = { INVALID_PASSWORD: 'password' }
  const { submit, isSaving, problem } = useSaving(form, async ({ password }) => {
    const proof = hasPassword ? { password } : {}
    if (task === 'enable') onEnrolment(await answered(() => enableSecondFactor(proof), fields))
    if (task === 'codes') onCodes((await answered(() => newRecoveryCodes(proof), fields)).backupCodes)
    if (task === 'disable') {
      await answered(() => disableSecondFactor(proof), fields)
      onDisabled()
    }
    onClose()
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{WORDS[task].text}</Text>
        <FormProblem problem={problem} />
        {hasPassword && (
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            data-autofocus
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
        )}
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
