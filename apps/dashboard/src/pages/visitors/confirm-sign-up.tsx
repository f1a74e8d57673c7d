import { Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { answered } from '../../auth/answer.ts'
import { useLinkToken } from '../../auth/link-token.ts'
import { confirmAddress } from '../../auth/routes.ts'
import { useEntry } from '../../auth/use-entry.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { DeadLink } from './dead-link.tsx'

/** The last step of a sign-up: the link shows whose mailbox it is, the password who asked. */
export function Page() {
  const token = useLinkToken()
  const enter = useEntry()
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '' } })
  const { submit, isSaving, problem } = useSaving(form, async ({ password }) => {
    await answered(() => confirmAddress({ token: token ?? '', password }), { INVALID_PASSWORD: 'password' })
    await enter()
  })
  if (token === undefined) return <DeadLink title="Confirm your address">Open the whole link from the mail.</DeadLink>
  return (
    <>
      <PageHeader title="Confirm your address" lead="Give the password that you chose a moment ago." />
      <form onSubmit={submit}>
        <Stack>
          <FormProblem problem={problem} />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            autoFocus
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" fullWidth loading={isSaving}>
            Make the account
          </Button>
        </Stack>
      </form>
    </>
  )
}
