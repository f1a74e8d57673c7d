import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell, IconBellOff } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import type { Contact } from './contact.tsx'

/** Changes the consent of a contact, once that is confirmed. The palette offers the same. */
export function ConsentSwitch({ contact: { email, subscribed } }: { contact: Contact }) {
  const { trpc, can } = useProject()
  const queryClient = useQueryClient()
  const [isAsked, dialog] = useDisclosure()
  const upsert = useMutation(
    trpc.contacts.upsert.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.contacts.pathFilter()),
    }),
  )
  const mayChange = can('contacts:write')
  const label = subscribed ? 'Unsubscribe' : 'Subscribe'
  const Icon = subscribed ? IconBellOff : IconBell
  useActions(
    mayChange
      ? [{ id: 'change-consent', label: `${label} ${email}`, group: 'This page', icon: Icon, run: dialog.open }]
      : [],
  )
  if (!mayChange) return null
  return (
    <>
      <Button variant="default" leftSection={<Icon size={16} aria-hidden />} onClick={dialog.open}>
        {label}
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={dialog.close}
        title={subscribed ? 'Unsubscribe this contact?' : 'Subscribe this contact?'}
        confirm={label}
        isDangerous={false}
        onConfirm={() => upsert.mutateAsync({ email, subscribed: !subscribed })}
      >
        {subscribed
          ? `${email} then gets no campaigns any more. Mail that is asked for, such as a reset of a password, still arrives.`
          : `Only subscribe ${email} if the person has agreed to get mail from you.`}
      </ConfirmDialog>
    </>
  )
}
