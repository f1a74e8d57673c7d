import { Button, Collapse } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId } from 'react'
import { DataList, type Column } from '../../../ui/data-list.tsx'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Key } from './living.ts'
import { statusOf } from './words.ts'

const DONE = { isPending: false, isError: false, error: null, refetch() {} }

const COLUMNS: Column<Key>[] = [
  { header: 'Name', isTitle: true, cell: ({ name }) => name },
  { header: 'Key', width: '10rem', cell: ({ hint }) => <code>{hint}</code> },
  {
    header: 'Status',
    width: '8rem',
    cell: (key) => {
      const { tone, words } = statusOf(key)
      return <StatusBadge tone={tone}>{words}</StatusBadge>
    },
  },
  {
    header: 'Ended',
    width: '9rem',
    cell: ({ revokedAt, expiresAt }) => {
      const at = revokedAt ?? expiresAt
      return at === null ? '' : <Time at={at} inList />
    },
  },
  {
    header: 'Last used',
    width: '9rem',
    isExtra: true,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Time at={lastUsedAt} inList />),
  },
]

/** Keys that no longer work, folded away. */
export function EndedKeys({ keys }: { keys: readonly Key[] }) {
  const [isOpen, { toggle }] = useDisclosure()
  const id = useId()
  if (keys.length === 0) return null
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        mt="md"
        leftSection={<Chevron size={16} aria-hidden />}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
      >
        {keys.length === 1 ? 'One key that no longer works' : `${keys.length} keys that no longer work`}
      </Button>
      <Collapse expanded={isOpen} id={id} pt="xs">
        <DataList label="Ended keys" query={DONE} items={keys} keyOf={({ id }) => id} columns={COLUMNS} empty={null} />
      </Collapse>
    </>
  )
}
