import { Select, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { ROLE_WORDS, type Role } from '@posthorn/contracts'
import { useState } from 'react'
import { problemOf } from '../../../api/problem.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { ROLE_NAMES, rolesWithin, type Member } from './types.ts'
import { useMembers } from './use-members.ts'

/** The role of a member; to be changed by whoever may. */
export function MemberRole({ of, isLastOwner }: { of: Member; isLastOwner: boolean }) {
  const { role: own, can } = useProject()
  const { changeRole } = useMembers()
  const [wanted, setWanted] = useState<Role>()
  const mayChange = can('members:write') && rolesWithin(own).includes(of.role) && !isLastOwner
  if (!mayChange) {
    return (
      <Tooltip label={isLastOwner ? 'A project keeps at least one owner.' : ROLE_WORDS[of.role]}>
        <span>{ROLE_NAMES[of.role]}</span>
      </Tooltip>
    )
  }
  const change = async (role: Role) => {
    await changeRole.mutateAsync({ userId: of.userId, role })
    notifications.show({ message: `${of.isSelf ? 'You are' : `${of.name} is`} now ${ARTICLES[role]}.` })
  }
  const choose = (role: Role) => {
    if (role === of.role) return
    // Both are hard to take back by oneself.
    if (of.isSelf || role === 'owner') return setWanted(role)
    change(role).catch((error: unknown) => notifications.show({ color: 'red', message: problemOf(error).message }))
  }
  return (
    <>
      <Select
        size="xs"
        aria-label={`Role of ${of.name}`}
        data={rolesWithin(own).map((role) => ({ value: role, label: ROLE_NAMES[role] }))}
        value={of.role}
        disabled={changeRole.isPending}
        // Safe because the options have no other values.
        onChange={(role) => choose(role as Role)}
      />
      <ConfirmDialog
        opened={wanted !== undefined}
        onClose={() => setWanted(undefined)}
        title={of.isSelf ? 'Change your own role?' : `Make ${of.name} an owner?`}
        confirm={of.isSelf ? 'Change my role' : 'Make owner'}
        onConfirm={() => change(wanted ?? of.role)}
      >
        {of.isSelf
          ? `You will be ${ARTICLES[wanted ?? of.role]}, and only somebody else can make you ${ARTICLES[of.role]} again.`
          : 'An owner may do everything: remove you, and delete the project.'}
      </ConfirmDialog>
    </>
  )
}

const ARTICLES: Record<Role, string> = { owner: 'an owner', admin: 'an admin', member: 'a member', viewer: 'a viewer' }
