import { Button, Group, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { problemOf } from '../../../api/problem.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { DataList, type Column } from '../../../ui/data-list.tsx'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { Time } from '../../../ui/time.tsx'
import { ROLE_NAMES, rolesWithin, type Invitation } from './types.ts'
import { useMembers } from './use-members.ts'

const LOADED = { isPending: false, isError: false, error: null, refetch() {} }

/** Who is invited and has not come yet. */
export function Invitations({ invitations }: { invitations: readonly Invitation[] }) {
  if (invitations.length === 0) return null
  return (
    <>
      <Title order={2} mt="xl" mb="sm">
        Invitations
      </Title>
      <DataList
        label="Invitations"
        query={LOADED}
        items={invitations}
        keyOf={({ id }) => id}
        columns={COLUMNS}
        empty={null}
      />
    </>
  )
}

const isExpired = ({ expiresAt }: Invitation) => new Date(expiresAt).getTime() <= Date.now()

const COLUMNS: Column<Invitation>[] = [
  { header: 'Address', isTitle: true, cell: ({ email }) => email },
  { header: 'Role', width: '6rem', cell: ({ role }) => ROLE_NAMES[role] },
  {
    header: 'Status',
    width: '10rem',
    cell: (invitation) =>
      isExpired(invitation) ? (
        <StatusBadge tone="bad">Expired</StatusBadge>
      ) : (
        <span>
          expires <Time at={invitation.expiresAt} inList />
        </span>
      ),
  },
  { header: 'Invited by', width: '10rem', isExtra: true, cell: ({ invitedBy }) => invitedBy ?? 'somebody who left' },
  { header: 'Change', width: '15.5rem', align: 'right', cell: (invitation) => <InvitationActions of={invitation} /> },
]

function InvitationActions({ of }: { of: Invitation }) {
  const { role: own, can } = useProject()
  const { resend, revoke } = useMembers()
  const [isAsking, setAsking] = useState(false)
  if (!can('members:write') || !rolesWithin(own).includes(of.role)) return null
  const sendAgain = () =>
    resend.mutate(
      { id: of.id },
      {
        onSuccess: () => notifications.show({ message: `A new link is on its way to ${of.email}.` }),
        onError: (error) => notifications.show({ color: 'red', message: problemOf(error).message }),
      },
    )
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Resend the invitation to ${of.email}`}
        loading={resend.isPending}
        onClick={sendAgain}
      >
        Resend
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Revoke the invitation to ${of.email}`}
        onClick={() => setAsking(true)}
      >
        Revoke
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Revoke the invitation?"
        confirm="Revoke invitation"
        onConfirm={() => revoke.mutateAsync({ id: of.id })}
      >
        The link that {of.email} got no longer works.
      </ConfirmDialog>
    </Group>
  )
}
