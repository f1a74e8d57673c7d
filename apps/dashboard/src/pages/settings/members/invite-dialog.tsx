import { Button, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { ROLE_WORDS, type Role } from '@posthorn/contracts'
import { codeOf, OtherRefusal, problemOf } from '../../../api/problem.ts'
import { FormModal } from '../../../forms/form-modal.tsx'
import { FormProblem } from '../../../forms/form-problem.tsx'
import { KeepTyped } from '../../../forms/keep-typed.tsx'
import { useSaving } from '../../../forms/use-saving.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { DialogFooter } from '../../../ui/dialog-footer.tsx'
import { ROLE_NAMES, rolesWithin } from './types.ts'
import { useMembers } from './use-members.ts'

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  return (
    <FormModal opened={opened} onClose={onClose} title="Invite somebody">
      <InviteForm onDone={onClose} />
    </FormModal>
  )
}

function InviteForm({ onDone }: { onDone(): void }) {
  const { role: own } = useProject()
  const { invite } = useMembers()
  const form = useForm<{ email: string; role: Role }>({
    mode: 'uncontrolled',
    initialValues: { email: '', role: 'member' },
  })
  const { submit, isSaving, problem } = useSaving(form, async (values) => {
    await invite.mutateAsync(values).catch(aboutAddress)
    notifications.show({ message: `The invitation to ${values.email} is on its way.` })
    onDone()
  })
  return (
    <form onSubmit={submit}>
      <Stack>
        <KeepTyped form={form} isSaving={isSaving} />
        <FormProblem problem={problem} />
        <TextInput
          label="E-mail address"
          type="email"
          placeholder="grace@example.com"
          autoComplete="off"
          required
          data-autofocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <Radio.Group label="Role" key={form.key('role')} {...form.getInputProps('role')}>
          <Stack gap="xs" mt="xs">
            {rolesWithin(own).map((role) => (
              <Radio key={role} value={role} label={ROLE_NAMES[role]} description={`${ROLE_WORDS[role]}.`} />
            ))}
          </Stack>
        </Radio.Group>
        <Text size="sm" c="dimmed">
          We mail a link that works once, for seven days, and for this address alone. An earlier invitation to it is
          replaced.
        </Text>
        <DialogFooter>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving}>
            Send invitation
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  )
}

/** A refusal that names no field, and is about one. */
function aboutAddress(error: unknown): never {
  if (codeOf(error) !== 'ALREADY_MEMBER') throw error
  const { message } = problemOf(error)
  throw new OtherRefusal(message, [{ field: 'email', message, code: 'already_member' }])
}
