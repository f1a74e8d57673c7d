import { Alert, Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { WireOutput } from '@posthorn/contracts'
import { IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { problemOf } from '../../api/problem.ts'
import { useProject } from '../../shell/project-scope.ts'
import { DataList, type Column } from '../../ui/data-list.tsx'
import { NumberTiles } from '../../ui/number-tiles.tsx'
import { itemsOf, nextCursor } from '../../ui/pages.ts'
import { saveFile } from '../../ui/save-file.ts'
import { Section } from '../../ui/section.tsx'
import type { Import } from './import-status.tsx'

type Problem = WireOutput<'imports', 'problems'>['data'][number]

const number = new Intl.NumberFormat('en')

const COUNTED = [
  ['created', 'New'],
  ['updated', 'Changed'],
  ['unchanged', 'Unchanged'],
  ['skipped', 'Skipped'],
  ['refused', 'Refused'],
  ['keptOut', 'Kept out'],
] as const

/** What became of the rows, or would: numbers, and each row that was not stored as it stands in the file. */
export function ImportResult({ of: one }: { of: Import }) {
  const { counts, dryRun, error, problems } = one
  return (
    <Section
      title={dryRun ? 'What would come of it' : 'What came of it'}
      lead={dryRun ? 'Nothing was changed. Start it below to import.' : undefined}
    >
      {error !== null && (
        <Alert color="red" variant="outline" mb="md">
          {error}
        </Alert>
      )}
      <NumberTiles
        tiles={COUNTED.map(([name, words]) => ({ name: words, value: number.format(counts?.[name] ?? 0) }))}
      />
      {problems > 0 && <Problems of={one} />}
    </Section>
  )
}

function Problems({ of: { id, problems } }: { of: Import }) {
  const { id: projectId, trpc } = useProject()
  const query = useInfiniteQuery(trpc.imports.problems.infiniteQueryOptions({ id }, { getNextPageParam: nextCursor }))
  const save = () =>
    void saveFile(`/v1/imports/${id}/report`, { format: 'csv', bom: 'true', projectId }).catch((error: unknown) => {
      notifications.show({ color: 'red', title: 'The report was not downloaded', message: problemOf(error).message })
    })
  return (
    <>
      <Group justify="space-between" mt="lg" mb="xs">
        <Text>{`${number.format(problems)} ${problems === 1 ? 'row is' : 'rows are'} in the report.`}</Text>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>
          Download report
        </Button>
      </Group>
      <DataList
        label="Report"
        query={query}
        items={itemsOf(query.data)}
        keyOf={({ row }) => String(row)}
        columns={COLUMNS}
        empty={null}
      />
    </>
  )
}

const OUTCOMES: Record<Problem['outcome'], string> = {
  refused: 'Refused',
  skipped: 'Skipped',
  'kept-out': 'Kept out',
}

const COLUMNS: Column<Problem>[] = [
  { header: 'Row', width: '6rem', cell: ({ row }) => number.format(row) },
  { header: 'Address', isTitle: true, width: '16rem', cell: ({ email }) => email ?? 'No address' },
  { header: 'What happened', width: '11rem', cell: ({ outcome }) => OUTCOMES[outcome] },
  {
    header: 'Why',
    cell: ({ column, message }) => (
      <span style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
        {column === null ? message : `${column}: ${message}`}
      </span>
    ),
  },
]
