import { Group, Paper, Skeleton, Text } from '@mantine/core'
import { Suspense } from 'react'
import { loadedLater } from '../api/page-code.ts'
import { OutcomeTable, type Point } from './outcome-table.tsx'

interface OutcomesProps {
  points: readonly Point[]
  /** What a point is: "Day". */
  unit: string
  /** What is said in place of a chart of nothing. */
  nothing: string
  timeZone: string
}

/** In CSS pixels. */
const HEIGHT = 260

// The library of the chart is larger than all the rest of a page, and comes once there is something to draw.
const OutcomeChart = loadedLater(() => import('./outcome-chart.tsx'))

/** What became of mails over time, as a chart and as a table. */
export function Outcomes({ points, unit, nothing, timeZone }: OutcomesProps) {
  const isEmpty = points.every(({ sent, failed }) => sent + failed === 0)
  return (
    <Paper p="md" mt="md">
      {isEmpty ? (
        <Text c="dimmed" ta="center" py="xl">
          {nothing}
        </Text>
      ) : (
        <Suspense fallback={<Skeleton height={HEIGHT} />}>
          <OutcomeChart points={points} height={HEIGHT} />
        </Suspense>
      )}
      <Group justify="space-between" align="flex-start" mt="xs">
        <OutcomeTable points={points} unit={unit} />
        <Text c="dimmed" size="xs">
          {unit}s in {timeZone}
        </Text>
      </Group>
    </Paper>
  )
}
