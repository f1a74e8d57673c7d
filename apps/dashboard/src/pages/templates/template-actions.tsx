import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconDeviceFloppy, IconSend, IconTrash, IconUpload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { problemOf } from '../../api/problem.ts'
import { FormModal } from '../../forms/form-modal.tsx'
import { useProject } from '../../shell/project-scope.ts'
import { PageLoading } from '../../shell/route-states.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import type { Template } from './kinds.tsx'
import type { Draft } from './use-draft.ts'

const TestForm = loadedLater(() => import('./test-form.tsx'))

/** What can be done with a template. */
export function TemplateActions({ template, draft }: { template: Template; draft: Draft }) {
  const { trpc, can, id: projectId } = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [isTesting, test] = useDisclosure()
  const [isAsked, ask] = useDisclosure()
  const remove = useMutation(trpc.templates.delete.mutationOptions())
  const current = () => queryClient.invalidateQueries(trpc.templates.list.pathFilter())
  const duplicate = useMutation(
    trpc.templates.duplicate.mutationOptions({
      async onSuccess({ id, name }) {
        await navigate({ to: '/p/$projectId/templates/$templateId', params: { projectId, templateId: id } })
        notifications.show({ message: `“${name}” is a draft.` })
        await current()
      },
      onError: (error) => notifications.show({ color: 'red', message: problemOf(error).message }),
    }),
  )
  const mayChange = can('templates:write')
  return (
    <>
      {mayChange && (
        <>
          <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
            Delete
          </Button>
          <Button
            variant="default"
            leftSection={<IconCopy size={16} aria-hidden />}
            loading={duplicate.isPending}
            onClick={() => duplicate.mutate({ id: template.id })}
          >
            Duplicate
          </Button>
        </>
      )}
      {can('emails:send') && (
        <Button variant="default" leftSection={<IconSend size={16} aria-hidden />} onClick={test.open}>
          Send test
        </Button>
      )}
      {mayChange && (
        <>
          <Button
            variant="default"
            leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            loading={draft.saving.isSaving}
            onClick={draft.save}
          >
            Save draft
          </Button>
          <Button
            leftSection={<IconUpload size={16} aria-hidden />}
            disabled={draft.saving.isSaving}
            onClick={draft.publish}
          >
            Publish
          </Button>
        </>
      )}
      <FormModal opened={isTesting} onClose={test.close} title="Send a test">
        <Suspense fallback={<PageLoading />}>
          <TestForm template={template} isUnsaved={draft.form.isDirty()} onClose={test.close} />
        </Suspense>
      </FormModal>
      <ConfirmDialog
        opened={isAsked}
        onClose={ask.close}
        title="Delete this template?"
        confirm="Delete template"
        onConfirm={async () => {
          await remove.mutateAsync({ id: template.id })
          draft.form.resetDirty()
          await navigate({ to: '/p/$projectId/templates', params: { projectId } })
          await current()
        }}
      >
        “{template.name}” is deleted with all its versions, for good. Mail that was accepted before is sent all the
        same; calls that name it are refused from then on.
      </ConfirmDialog>
    </>
  )
}
