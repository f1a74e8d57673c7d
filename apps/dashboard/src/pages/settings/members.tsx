import { Button } from '@mantine/core'
import { IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActions } from '../../shell/actions.ts'
import { useProject } from '../../shell/project-scope.ts'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { Invitations } from './members/invitations.tsx'
import { InviteDialog } from './members/invite-dialog.tsx'
import { MemberEnd } from './members/member-end.tsx'
import { MemberName } from './members/member-name.tsx'
import { MemberRole } from './members/member-role.tsx'
import { RolesExplained } from './members/roles-explained.tsx'
import type { Member } from './members/types.ts'

/** Who works on the project, and who is invited to. */
export function Page() {
  const { trpc, can } = useProject()
  const query = useQuery(trpc.members.list.queryOptions({}))
  const [isInviting, setInviting] = useState(false)
  const mayInvite = can('members:write')
  const invite = () => setInviting(true)
  useActions(
    mayInvite ? [{ id: 'invite', label: 'Invite somebody', group: 'This page', icon: IconUserPlus, run: invite }] : [],
  )
  const owners = query.data?.members.filter(({ role }) => role === 'owner').length ?? 0
  return (
    <>
      <PageHeader
        title="Members"
        lead={
          mayInvite
            ? 'Who works on this project.'
            : 'Who works on this project. Owners and admins can invite and remove people.'
        }
        actions={
          mayInvite && (
            <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={invite}>
              Invite somebody
            </Button>
          )
        }
      />
      <DataList
        label="Members"
        query={query}
        items={query.data?.members}
        keyOf={({ userId }) => userId}
        columns={columns(owners)}
        empty={
          <EmptyState title="Nobody works on this project" icon={<IconUsers size={22} />}>
            Whoever runs this Posthorn can let somebody in.
          </EmptyState>
        }
      />
      {query.data !== undefined && <Invitations invitations={query.data.invitations} />}
      <RolesExplained />
      <InviteDialog opened={isInviting} onClose={() => setInviting(false)} />
    </>
  )
}

const columns = (owners: number): Column<Member>[] => [
  { header: 'Name', isTitle: true, cell: (member) => <MemberName of={member} /> },
  {
    header: 'Role',
    width: '9.5rem',
    cell: (member) => <MemberRole of={member} isLastOwner={member.role === 'owner' && owners === 1} />,
  },
  { header: 'Since', width: '9.5rem', isExtra: true, cell: ({ joinedAt }) => <Time at={joinedAt} inList /> },
  {
    header: 'Remove',
    width: '8.5rem',
    align: 'right',
    cell: (member) => <MemberEnd of={member} isLastOwner={member.role === 'owner' && owners === 1} />,
  },
]
