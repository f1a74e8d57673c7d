import { Group, Text } from '@mantine/core'
import { CopyButton } from './copy-button.tsx'

/** An id as it stands, with a way to copy it. */
export function CopyableId({ id, label = 'Copy id' }: { id: string; label?: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Text span ff="monospace" size="sm" style={{ overflowWrap: 'anywhere' }}>
        {id}
      </Text>
      <CopyButton value={id} label={label} />
    </Group>
  )
}
