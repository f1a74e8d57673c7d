import { Button, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { useLinkToken } from '../../auth/link-token.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { NewPasswordInput } from '../../forms/new-password-input.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { DeadLink } from './dead-link.tsx'

export function Page() {
  const token = useLinkToken()
  const navigate = useNavigate()
  const form = useForm({ mode: 'uncontrolled', initialValues: { newPassword: '' } })
  const { submit, isSaving, problem } = useSaving(form, async ({ newPassword }) => {
    await answered(() => auth.resetPassword({ newPassword, token: token ?? '' }), { PASSWORD_TOO_WEAK: 'newPassword' })
    notifications.show({ title: 'The new password is set', message: 'All sessions are signed out. Sign in with it.' })
    // Not by itself: a second factor stays a second factor.
    await navigate({ to: '/sign-in', replace: true })
  })
  if (token === undefined) return <DeadLink title="Choose a new password">Open the whole link from the mail.</DeadLink>
  return (
    <>
      <PageHeader title="Choose a new password" lead="All sessions of your account end when it is set." />
      <form onSubmit={submit}>
        <Stack>
          <FormProblem problem={problem} />
          <NewPasswordInput
            label="New password"
            autoFocus
            key={form.key('newPassword')}
            {...form.getInputProps('newPassword')}
          />
          <Button type="submit" fullWidth loading={isSaving}>
            Set the password
          </Button>
        </Stack>
      </form>
    </>
  )
}
