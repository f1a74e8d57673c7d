import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { queryClient, trpc } from '../../api/trpc.ts'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { changeAddress } from '../../auth/routes.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useAccount } from '../../shell/person.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'

export function Page() {
  return (
    <>
      <PageHeader title="Profile" documentTitle="Account" />
      <NameSection />
      <AddressSection />
    </>
  )
}

function NameSection() {
  const { name } = useAccount()
  const form = useForm({ mode: 'uncontrolled', initialValues: { name } })
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    await answered(() => auth.updateUser(values), { INVALID_NAME: 'name' })
    await queryClient.invalidateQueries(trpc.account.get.pathFilter())
    form.resetDirty()
    notifications.show({ message: 'Your name is saved.' })
  })
  return (
    <Section title="Name" lead="As others in your projects see you, and as the audit log calls you.">
      <form onSubmit={submit}>
        <Stack>
          <KeepTyped form={form} isSaving={isSaving} />
          <FormProblem problem={problem} />
          <TextInput label="Name" autoComplete="name" required key={form.key('name')} {...form.getInputProps('name')} />
          <Group>
            <Button type="submit" loading={isSaving}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

function AddressSection() {
  const { email, emailVerified, hasPassword } = useAccount()
  const [askedFor, setAskedFor] = useState<string>()
  const form = useForm({ mode: 'uncontrolled', initialValues: { newEmail: emailVerified ? '' : email, password: '' } })
  const { submit, isSaving, problem } = useSaving(form, async ({ newEmail, password }) => {
    await answered(() => changeAddress({ newEmail, ...(hasPassword && { password }) }), {
      INVALID_EMAIL: 'newEmail',
      SAME_EMAIL: 'newEmail',
      INVALID_PASSWORD: 'password',
    })
    setAskedFor(newEmail)
    form.reset()
  })
  return (
    <Section
      title="E-mail address"
      lead={
        emailVerified ? (
          <>
            You sign in with <b>{email}</b>. A new address counts once it has agreed by the link that we mail to it; the
            old one is told.
          </>
        ) : (
          <>
            You sign in with <b>{email}</b>, which is <b>not confirmed yet</b>. Open the link that was mailed to it
            while you are signed in, or have it sent again here.
          </>
        )
      }
    >
      <form onSubmit={submit}>
        <Stack>
          <KeepTyped form={form} isSaving={isSaving} />
          <FormProblem problem={problem} />
          <TextInput
            label={emailVerified ? 'New address' : 'Address'}
            type="email"
            autoComplete="email"
            required
            key={form.key('newEmail')}
            {...form.getInputProps('newEmail')}
          />
          {hasPassword && (
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              key={form.key('password')}
              {...form.getInputProps('password')}
            />
          )}
          <Group>
            <Button type="submit" loading={isSaving}>
              Send the link
            </Button>
          </Group>
          <div role="status">
            {askedFor !== undefined && (
              <Text>
                Look into the mailbox of <b>{askedFor}</b>: the link works for an hour.
              </Text>
            )}
          </div>
        </Stack>
      </form>
    </Section>
  )
}
