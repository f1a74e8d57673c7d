import { Anchor, Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { queryClient, trpc } from '../../api/trpc.ts'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { NewPasswordInput } from '../../forms/new-password-input.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useActions } from '../../shell/actions.ts'
import { useAccount } from '../../shell/person.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Passkeys } from './passkeys.tsx'
import { SecondFactor } from './second-factor.tsx'

export function Page() {
  return (
    <>
      <PageHeader title="Security" documentTitle="Account security" />
      <PasswordSection />
      <SecondFactor />
      <Passkeys />
    </>
  )
}

function PasswordSection() {
  const { hasPassword } = useAccount()
  return (
    <Section title="Password" lead="A new password ends all your other sessions at once.">
      {hasPassword ? (
        <PasswordForm />
      ) : (
        <Text>
          Your account has no password yet.{' '}
          <Anchor renderRoot={(props) => <Link to="/forgot-password" {...props} />}>
            Have a link mailed to set one.
          </Anchor>
        </Text>
      )}
    </Section>
  )
}

function PasswordForm() {
  const form = useForm({ mode: 'uncontrolled', initialValues: { currentPassword: '', newPassword: '' } })
  useActions([
    {
      id: 'change-password',
      label: 'Change password',
      group: 'This page',
      icon: IconLock,
      run: () => form.getInputNode('currentPassword')?.focus(),
    },
  ])
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    await answered(() => auth.changePassword({ ...values, revokeOtherSessions: true }), {
      INVALID_PASSWORD: 'currentPassword',
      PASSWORD_TOO_WEAK: 'newPassword',
    })
    form.reset()
    await queryClient.invalidateQueries(trpc.account.pathFilter())
    notifications.show({ title: 'The new password is set', message: 'Your other sessions have ended.' })
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          required
          key={form.key('currentPassword')}
          {...form.getInputProps('currentPassword')}
        />
        <NewPasswordInput label="New password" key={form.key('newPassword')} {...form.getInputProps('newPassword')} />
        <Group>
          <Button type="submit" loading={isSaving}>
            Set the password
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
