import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconDots, IconDownload, IconUserX } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { problemOf } from '../../api/problem.ts'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { saveFile } from '../../ui/save-file.ts'
import type { Contact } from './contact.tsx'

/** What people have a right to: a copy of all that is known of them, and that it is erased. */
export function PersonMenu({ contact: { id, email } }: { contact: Contact }) {
  const { trpc, can, id: projectId } = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [isAsked, dialog] = useDisclosure()
  const erase = useMutation(trpc.contacts.erase.mutationOptions())
  const mayErase = can('contacts:erase')
  const save = () =>
    void saveFile(`/v1/contacts/${id}/export`, { projectId }).catch((error: unknown) => {
      notifications.show({ color: 'red', title: 'The data was not exported', message: problemOf(error).message })
    })
  useActions([
    { id: 'export-person', label: `Export ${email}`, group: 'This page', icon: IconDownload, run: save },
    ...(mayErase
      ? [{ id: 'erase-person', label: `Erase ${email}`, group: 'This page', icon: IconUserX, run: dialog.open }]
      : []),
  ])
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default" aria-label={`What to do with ${email}`} px="xs">
            <IconDots size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>
            Export
          </Menu.Item>
          {mayErase && (
            <Menu.Item leftSection={<IconUserX size={16} aria-hidden />} onClick={dialog.open}>
              Erase
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={isAsked}
        onClose={dialog.close}
        title="Erase this person?"
        confirm="Erase person"
        nameToType={email}
        onConfirm={async () => {
          await erase.mutateAsync({ id })
          await navigate({ to: '/p/$projectId/contacts', params: { projectId } })
          await queryClient.invalidateQueries(trpc.jobs.pathFilter())
        }}
      >
        The contact, their events and all mails to them are deleted for good, and mail that waits for them is not sent.
        What is kept is a hash of the address, so that nobody subscribes them again without their word.
      </ConfirmDialog>
    </>
  )
}
