import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { FormModal } from '../../forms/form-modal.tsx'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { PageLoading } from '../../shell/route-states.tsx'

const CreateForm = loadedLater(() => import('./create-form.tsx'))

/** Begins a template. The palette offers the same. */
export function CreateTemplate() {
  const { can } = useProject()
  const [isOpen, dialog] = useDisclosure()
  const mayCreate = can('templates:write')
  useActions(
    mayCreate
      ? [{ id: 'create-template', label: 'Create template', group: 'This page', icon: IconPlus, run: dialog.open }]
      : [],
  )
  if (!mayCreate) return null
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
        Create template
      </Button>
      <FormModal opened={isOpen} onClose={dialog.close} title="Create a template">
        <Suspense fallback={<PageLoading />}>
          <CreateForm onClose={dialog.close} />
        </Suspense>
      </FormModal>
    </>
  )
}
