import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { FormModal } from '../../forms/form-modal.tsx'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { PageLoading } from '../../shell/route-states.tsx'

const AddForm = loadedLater(() => import('./add-form.tsx'))

/** Adds a contact by hand. The palette offers the same. */
export function AddContact() {
  const { can } = useProject()
  const [isOpen, dialog] = useDisclosure()
  const mayAdd = can('contacts:write')
  useActions(
    mayAdd
      ? [{ id: 'add-contact', label: 'Add contact', group: 'This page', icon: IconUserPlus, run: dialog.open }]
      : [],
  )
  if (!mayAdd) return null
  return (
    <>
      <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={dialog.open}>
        Add contact
      </Button>
      <FormModal opened={isOpen} onClose={dialog.close} title="Add a contact">
        <Suspense fallback={<PageLoading />}>
          <AddForm onClose={dialog.close} />
        </Suspense>
      </FormModal>
    </>
  )
}
