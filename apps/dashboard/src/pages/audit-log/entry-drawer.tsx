import { Drawer, Skeleton, Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core'
import type { JsonValue } from '@posthorn/contracts'
import { IconMapQuestion } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { codeOf } from '../../api/problem.ts'
import { useProject } from '../../shell/project-scope.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyableId } from '../../ui/copyable-id.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { FIELD_WORDS, labelOf, nameOf, placeOf, sentenceOf, type Entry } from './acts.ts'

interface EntryDrawerProps {
  /** Of the entry that is open, if one is. */
  id: string | undefined
  /** The entry, where the list beside it has it already. */
  listed: Entry | undefined
  onClose(): void
}

/** All that is known of one entry. Its address leads to it, however long ago it was. */
export function EntryDrawer({ id, listed, onClose }: EntryDrawerProps) {
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" size="lg" title="Entry">
      {listed !== undefined && <Facts entry={listed} />}
      {listed === undefined && id !== undefined && <Fetched id={id} />}
    </Drawer>
  )
}

function Fetched({ id }: { id: string }) {
  const { trpc } = useProject()
  const entry = useQuery(trpc.audit.get.queryOptions({ id }))
  if (entry.data !== undefined) return <Facts entry={entry.data} />
  if (codeOf(entry.error) === 'AUDIT_ENTRY_NOT_FOUND') {
    return (
      <EmptyState title="No such entry" icon={<IconMapQuestion size={22} />}>
        The link may have been cut off, or leads to an entry of another project.
      </EmptyState>
    )
  }
  if (entry.isError) {
    return <ErrorState title="The entry could not be loaded" error={entry.error} onRetry={() => void entry.refetch()} />
  }
  return (
    <Stack aria-busy>
      <VisuallyHidden role="status">The entry is loading</VisuallyHidden>
      <Skeleton height={20} width="80%" />
      <Skeleton height={180} />
    </Stack>
  )
}

export function Facts({ entry }: { entry: Entry }) {
  const { actor, action, at, detail, id, target } = entry
  return (
    <Stack>
      <Title order={3}>
        {nameOf(actor)} {sentenceOf(entry)}
      </Title>
      <KeyValue
        entries={[
          ['What', `${labelOf(action)} (${action})`],
          ['Who', `${nameOf(actor)} (${KINDS[actor.kind]})`],
          ['Id of who', actor.id === null ? undefined : <CopyableId key="actor" id={actor.id} />],
          ['When', <Time key="at" at={at} exact />],
          ['From', placeOf(entry)],
          ['Done to', target === null ? undefined : <CopyableId key="target" id={target} />],
          ['Id of the entry', <CopyableId key="id" id={id} />],
        ]}
      />
      {action === 'project.updated' ? (
        <Changes detail={detail} />
      ) : (
        Object.keys(detail).length > 0 && (
          <div>
            <Text fw={600} mb={4}>
              Details
            </Text>
            <CodeBlock code={JSON.stringify(detail, undefined, 2)} label="details" wrap />
          </div>
        )
      )}
    </Stack>
  )
}

/** What settings were and are, side by side. */
function Changes({ detail }: { detail: Entry['detail'] }) {
  return (
    <Table layout="fixed" withTableBorder>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Setting</Table.Th>
          <Table.Th>Before</Table.Th>
          <Table.Th>After</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
        {Object.entries(detail).map(([field, change]) => (
          <Table.Tr key={field}>
            <Table.Th>{(FIELD_WORDS[field] ?? field).replace(/^the /, '')}</Table.Th>
            <Table.Td>{shownAs(partOf(change, 'from'))}</Table.Td>
            <Table.Td>{shownAs(partOf(change, 'to'))}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

const partOf = (change: JsonValue, part: string): JsonValue =>
  typeof change === 'object' && change !== null && !Array.isArray(change) ? (change[part] ?? null) : null

function shownAs(value: JsonValue): string {
  if (value === null) return 'nothing'
  return typeof value === 'object' ? Object.values(value).filter(Boolean).map(shownAs).join(', ') : String(value)
}

const KINDS: Record<Entry['actor']['kind'], string> = { key: 'key', user: 'person', system: 'operator' }
