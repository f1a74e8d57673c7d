import { Button, Stack, TextInput } from '@mantine/core'
import { hasLength, isNotEmpty, useForm } from '@mantine/form'
import { answered } from '../../auth/answer.ts'
import { signUp } from '../../auth/routes.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { NewPasswordInput } from '../../forms/new-password-input.tsx'
import { useSaving } from '../../forms/use-saving.ts'

interface NewAccountFormProps {
  /** Of the set-up link or an invitation; left out where everybody may sign up. */
  token?: string | undefined
  /** The invited address, which cannot be another. */
  email?: string | undefined
  /** What the button says. */
  action: string
  onDone(email: string): void | Promise<void>
}

export function NewAccountForm({ token, email, action, onDone }: NewAccountFormProps) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: email ?? '', password: '' },
    validate: {
      name: isNotEmpty('Give your name.'),
      email: isNotEmpty('Give your e-mail address.'),
      password: hasLength({ min: 8 }, 'This is too short: at least 8 characters.'),
    },
  })
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    await answered(() => signUp({ ...values, ...(token !== undefined && { token }) }), {
      INVALID_NAME: 'name',
      INVALID_EMAIL: 'email',
      PASSWORD_TOO_WEAK: 'password',
    })
    await onDone(values.email)
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem problem={problem} />
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          autoFocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          readOnly={email !== undefined}
          description={email === undefined ? undefined : 'The invitation is for this address.'}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <NewPasswordInput label="Password" key={form.key('password')} {...form.getInputProps('password')} />
        <Button type="submit" fullWidth loading={isSaving}>
          {action}
        </Button>
      </Stack>
    </form>
  )
}
