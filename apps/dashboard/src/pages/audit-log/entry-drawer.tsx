import { Drawer, Stack, Table, Text, Title } from '@mantine/core'
import type { JsonValue } from '@posthorn/contracts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyableId } from '../../ui/copyable-id.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Time } from '../../ui/time.tsx'
import { FIELD_WORDS, labelOf, nameOf, placeOf, sentenceOf, type Entry } from './acts.ts'

/** All that is known of one entry. */
export function EntryDrawer({ entry, onClose }: { entry: Entry | undefined; onClose(): void }) {
  return (
    <Drawer opened={entry !== undefined} onClose={onClose} position="right" size="lg" title="Entry">
      {entry !== undefined && <Facts entry={entry} />}
    </Drawer>
  )
}

function Facts({ entry }: { entry: Entry }) {
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
