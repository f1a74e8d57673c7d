import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { IconDoorExit, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { forgetProject, trpc as personTrpc } from '../../api/trpc.ts'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { LeaveDialog } from './members/leave.tsx'

/** What cannot be undone. */
export function Page() {
  return (
    <>
      <PageHeader title="Danger zone" lead="What cannot be undone." />
      <Leaving />
      <Deleting />
    </>
  )
}

function Leaving() {
  const { trpc, role } = useProject()
  const [isAsking, setAsking] = useState(false)
  const { data } = useQuery(trpc.members.list.queryOptions({}))
  const owners = data?.members.filter((member) => member.role === 'owner').length
  const isLastOwner = role === 'owner' && owners === 1
  useActions(
    data === undefined || isLastOwner
      ? []
      : [
          {
            id: 'leave-project',
            label: 'Leave project',
            group: 'This page',
            icon: IconDoorExit,
            run: () => setAsking(true),
          },
        ],
  )
  return (
    <Section title="Leave the project" lead="You see nothing of it any more. Its keys and its mail stay as they are.">
      {isLastOwner ? (
        <Text>You are its only owner. Make somebody else an owner first, or delete the project.</Text>
      ) : (
        <Button variant="default" onClick={() => setAsking(true)}>
          Leave project
        </Button>
      )}
      <LeaveDialog opened={isAsking} onClose={() => setAsking(false)} />
    </Section>
  )
}

function Deleting() {
  const { id, name, trpc, can } = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  const remove = useMutation(trpc.projects.delete.mutationOptions())
  useActions(
    can('project:delete')
      ? [
          {
            id: 'delete-project',
            label: 'Delete project',
            group: 'This page',
            icon: IconTrash,
            run: () => setAsking(true),
          },
        ]
      : [],
  )
  return (
    <Section
      title="Delete the project"
      lead="Its keys stop working and everybody’s access ends at once. Its mails, contacts and events are then deleted in the background."
    >
      {can('project:delete') ? (
        <Button color="red.9" onClick={() => setAsking(true)}>
          Delete project
        </Button>
      ) : (
        <Text>Only an owner can delete it.</Text>
      )}
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${name}?`}
        confirm="Delete project"
        nameToType={name}
        onConfirm={async () => {
          await remove.mutateAsync({ confirm: name })
          // In place of the notice that the project is no longer open to one, which has the same id.
          notifications.hide(id)
          notifications.show({
            id,
            message: `${name} is being deleted. How far that is stands below the list of projects.`,
          })
          await queryClient.invalidateQueries(personTrpc.projects.list.pathFilter())
          await navigate({ to: '/' })
          forgetProject(id)
        }}
      >
        Apps that use its keys are refused from that moment on, mail that waits is not sent, and nothing can be brought
        back.
      </ConfirmDialog>
    </Section>
  )
}
