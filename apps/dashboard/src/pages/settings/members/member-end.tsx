import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useProject } from '../../../shell/project-scope.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { LeaveDialog } from './leave.tsx'
import { rolesWithin, type Member } from './types.ts'
import { useMembers } from './use-members.ts'

/** The way out of the project: for others by removal, for oneself by leaving. */
export function MemberEnd({ of, isLastOwner }: { of: Member; isLastOwner: boolean }) {
  const { role: own, can } = useProject()
  const { remove } = useMembers()
  const [isAsking, setAsking] = useState(false)
  const close = () => setAsking(false)
  const mayRemove = can('members:write') && rolesWithin(own).includes(of.role)
  if (isLastOwner || !(of.isSelf || mayRemove)) return null
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={of.isSelf ? 'Leave the project' : `Remove ${of.name}`}
        onClick={() => setAsking(true)}
      >
        {of.isSelf ? 'Leave' : 'Remove'}
      </Button>
      {of.isSelf ? (
        <LeaveDialog opened={isAsking} onClose={close} />
      ) : (
        <ConfirmDialog
          opened={isAsking}
          onClose={close}
          title={`Remove ${of.name}?`}
          confirm="Remove member"
          onConfirm={async () => {
            await remove.mutateAsync({ userId: of.userId })
            notifications.show({ message: `${of.name} no longer works on this project.` })
          }}
        >
          {of.email} sees nothing of the project from that moment on, in open tabs too. Keys that {of.name} knows keep
          working: regenerate them if you need to.
        </ConfirmDialog>
      )}
    </>
  )
}
