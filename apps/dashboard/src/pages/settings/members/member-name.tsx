import { Group } from '@mantine/core'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import type { Member } from './types.ts'
import classes from './members.module.css'

export function MemberName({ of: { name, email, isSelf } }: { of: Member }) {
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <span className={classes.name}>{name}</span>
        {isSelf && <StatusBadge tone="good">You</StatusBadge>}
      </Group>
      <div className={classes.email}>{email}</div>
    </>
  )
}
