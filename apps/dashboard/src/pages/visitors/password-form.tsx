import { Anchor, Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { useSaving } from '../../forms/use-saving.ts'

interface PasswordFormProps {
  onDone(): Promise<void>
  /** The password was right, and the account has a second factor. */
  onSecondFactor(): void
}

export function PasswordForm({ onDone, onSecondFactor }: PasswordFormProps) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', password: '' } })
  const { submit, isSaving, problem } = useSaving(form, async ({ email, password }) => {
    const answer = await answered(() => auth.signIn.email({ email, password }), { INVALID_EMAIL: 'email' })
    if ('twoFactorRedirect' in answer && answer.twoFactorRedirect) onSecondFactor()
    else await onDone()
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username webauthn"
          required
          autoFocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Group justify="flex-end" mt={-8}>
          <Anchor size="sm" renderRoot={(props) => <Link to="/forgot-password" {...props} />}>
            Forgot your password?
          </Anchor>
        </Group>
        <Button type="submit" fullWidth loading={isSaving}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
