import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconLock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient, trpc } from '../../api/trpc.ts'
import { answered } from '../../auth/answer.ts'
import { auth } from '../../auth/client.ts'
import { passkeys } from '../../auth/passkeys.ts'
import { setPassword } from '../../auth/routes.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { NewPasswordInput } from '../../forms/new-password-input.tsx'
import { useSaving } from '../../forms/use-saving.ts'
import { useActions } from '../../shell/actions.ts'
import { useAccount } from '../../shell/person.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Section } from '../../ui/section.tsx'

const WEAK = { PASSWORD_TOO_WEAK: 'newPassword' }

/** Changes the password, or sets a first one. */
export function Password() {
  const { hasPassword } = useAccount()
  return (
    <Section
      title="Password"
      lead={
        hasPassword
          ? 'A new password signs out all your other sessions at once.'
          : 'Your account has none yet. With one you can sign in by your address, too; setting it signs out your other sessions.'
      }
    >
      {hasPassword ? <ChangeForm /> : <FirstForm />}
    </Section>
  )
}

async function onSet(): Promise<void> {
  await queryClient.invalidateQueries(trpc.account.pathFilter())
  notifications.show({ title: 'The new password is set', message: 'Your other sessions are signed out.' })
}

/** Offers the palette to go to the first field. */
function usePasswordAction(focus: () => void): void {
  useActions([{ id: 'change-password', label: 'Change password', group: 'This page', icon: IconLock, run: focus }])
}

function FirstForm() {
  const form = useForm({ mode: 'uncontrolled', initialValues: { newPassword: '' } })
  usePasswordAction(() => form.getInputNode('newPassword')?.focus())
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    await answered(() => setPassword(values), WEAK)
    await onSet()
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        <NewPasswordInput label="New password" key={form.key('newPassword')} {...form.getInputProps('newPassword')} />
        <Group>
          <Button type="submit" loading={isSaving}>
            Set a password
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function ChangeForm() {
  const form = useForm({ mode: 'uncontrolled', initialValues: { currentPassword: '', newPassword: '' } })
  usePasswordAction(() => form.getInputNode('currentPassword')?.focus())
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    const fields = { ...WEAK, INVALID_PASSWORD: 'currentPassword' }
    await answered(() => auth.changePassword({ ...values, revokeOtherSessions: true }), fields)
    form.reset()
    await onSet()
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
          <RemovePassword />
        </Group>
      </Stack>
    </form>
  )
}

/** For who has another way in. */
function RemovePassword() {
  const { data: own } = useQuery(passkeys)
  const { data: linked } = useQuery(trpc.account.providers.queryOptions({}))
  const [isAsked, setAsked] = useState(false)
  const hasOther = (own?.length ?? 0) > 0 || (linked?.data ?? []).some(({ isOffered }) => isOffered)
  if (!hasOther) return null
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        Remove the password
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={() => setAsked(false)}
        title="Remove the password?"
        confirm="Remove password"
        onConfirm={async () => {
          await client.account.removePassword.mutate({})
          await queryClient.invalidateQueries(trpc.account.pathFilter())
        }}
      >
        From then on you sign in by passkey or provider alone. You can set a new one at any time.
      </ConfirmDialog>
    </>
  )
}
