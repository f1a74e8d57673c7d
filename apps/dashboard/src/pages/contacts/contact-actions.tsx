import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { FormModal } from '../../forms/form-modal.tsx'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { PageLoading } from '../../shell/route-states.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { ConsentSwitch } from './consent-switch.tsx'
import type { Contact } from './contact.tsx'
import { PersonMenu } from './person-menu.tsx'

const EditForm = loadedLater(() => import('./edit-form.tsx'))

/** What can be done with a contact. The palette offers the same. */
export function ContactActions({ contact }: { contact: Contact }) {
  const { trpc, can, id: projectId } = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [isEditing, edit] = useDisclosure()
  const [isAsked, dialog] = useDisclosure()
  const remove = useMutation(trpc.contacts.delete.mutationOptions())
  const mayChange = can('contacts:write')
  useActions(
    mayChange
      ? [
          { id: 'edit-contact', label: `Edit ${contact.email}`, group: 'This page', icon: IconPencil, run: edit.open },
          {
            id: 'delete-contact',
            label: `Delete ${contact.email}`,
            group: 'This page',
            icon: IconTrash,
            run: dialog.open,
          },
        ]
      : [],
  )
  if (!mayChange) return <PersonMenu contact={contact} />
  return (
    <>
      <ConsentSwitch contact={contact} />
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={edit.open}>
        Edit
      </Button>
      <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={dialog.open}>
        Delete
      </Button>
      <PersonMenu contact={contact} />
      <FormModal opened={isEditing} onClose={edit.close} title="Edit the contact" size="lg">
        <Suspense fallback={<PageLoading />}>
          <EditForm contact={contact} onClose={edit.close} />
        </Suspense>
      </FormModal>
      <ConfirmDialog
        opened={isAsked}
        onClose={dialog.close}
        title="Delete this contact?"
        confirm="Delete contact"
        onConfirm={async () => {
          await remove.mutateAsync({ id: contact.id })
          await navigate({ to: '/p/$projectId/contacts', params: { projectId } })
          await queryClient.invalidateQueries(trpc.contacts.pathFilter())
        }}
      >
        The data and events of {contact.email} are deleted for good. Mails that were sent there stay readable.
      </ConfirmDialog>
    </>
  )
}
