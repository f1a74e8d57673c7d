import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconDeviceFloppy, IconDots, IconSend, IconTrash, IconUpload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { problemOf } from '../../api/problem.ts'
import { FormModal } from '../../forms/form-modal.tsx'
import { useActions } from '../../shell/actions.ts'
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
  const acts = [
    ...(can('emails:send')
      ? [{ id: 'test-template', label: 'Send test', icon: IconSend, run: test.open, keywords: ['try'] }]
      : []),
    ...(mayChange
      ? [
          {
            id: 'duplicate-template',
            label: 'Duplicate',
            icon: IconCopy,
            run: () => duplicate.mutate({ id: template.id }),
            keywords: ['copy'],
          },
          { id: 'delete-template', label: 'Delete', icon: IconTrash, run: ask.open, keywords: ['remove'] },
        ]
      : []),
  ]
  useActions(acts.map((act) => ({ ...act, label: `${act.label} ${template.name}`, group: 'This page' })))
  return (
    <>
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
      {acts.length > 0 && (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <Button variant="default" aria-label={`What to do with ${template.name}`} px="xs">
              <IconDots size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {acts.map(({ id, label, icon: Icon, run }) => (
              <Menu.Item key={id} leftSection={<Icon size={16} aria-hidden />} onClick={run}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
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
