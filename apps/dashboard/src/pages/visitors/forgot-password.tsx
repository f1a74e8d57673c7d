import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { PageHeader } from '../../ui/page-header.tsx'

/** Says the same whether there is an account or not. */
export function Page() {
  const [askedFor, setAskedFor] = useState<string>()
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '' } })
  const { submit, isSaving, problem } = useSaving(form, async ({ email }) => {
    await answered(() => auth.requestPasswordReset({ email }), { INVALID_EMAIL: 'email' })
    setAskedFor(email)
  })
  if (askedFor !== undefined) {
    return (
      <>
        <PageHeader title="Look into your mailbox" />
        <Text>
          If there is an account with <b>{askedFor}</b>, a mail with a link is on its way. It works for an hour.
        </Text>
      </>
    )
  }
  return (
    <>
      <PageHeader title="Forgot your password?" lead="We mail you a link to choose a new one." />
      <form onSubmit={submit}>
        <Stack>
          <FormProblem problem={problem} />
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            autoFocus
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <Button type="submit" fullWidth loading={isSaving}>
            Send the link
          </Button>
          <Anchor ta="center" renderRoot={(props) => <Link to="/sign-in" {...props} />}>
            Back to the sign-in
          </Anchor>
        </Stack>
      </form>
    </>
  )
}
