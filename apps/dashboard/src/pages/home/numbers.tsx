import { Group, Paper, Skeleton, Text, Title } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { useProject } from '../../shell/project-scope.ts'
import { ErrorState } from '../../ui/states.tsx'
import { DaysTable } from './days-table.tsx'
import classes from './numbers.module.css'

export type Stats = WireOutput<'stats', 'get'>

const DAYS = 30
/** In CSS pixels. */
const CHART_HEIGHT = 260

// The library of the chart is larger than all the rest of the page, and comes once there is something to draw.
const DaysChart = loadedLater(() => import('./days-chart.tsx'))

/** The days are those of the viewer. */
export function useStats() {
  const { trpc } = useProject()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return useQuery(trpc.stats.get.queryOptions({ days: DAYS, timeZone }))
}

/** What became of the mails of the last 30 days. */
export function Numbers() {
  const stats = useStats()
  return (
    <section aria-labelledby="numbers">
      <Title order={2} id="numbers" mb="sm">
        The last {DAYS} days
      </Title>
      {stats.data !== undefined && <Shown stats={stats.data} />}
      {stats.data === undefined && stats.isError && (
        <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
      )}
      {stats.isPending && <Skeleton height={380} />}
    </section>
  )
}

const count = new Intl.NumberFormat('en')
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

function Shown({ stats: { total, days, timeZone } }: { stats: Stats }) {
  const ended = total.sent + total.failed
  const tiles = [
    { name: 'Accepted', value: count.format(total.accepted) },
    { name: 'Sent', value: count.format(total.sent) },
    { name: 'Failed', value: count.format(total.failed) },
    // Rounded down: with one that failed it is not all of them.
    {
      name: 'Delivery rate',
      value: ended === 0 ? '–' : percent.format(Math.floor((total.sent / ended) * 1_000) / 1_000),
    },
  ]
  return (
    <>
      <dl className={classes.tiles}>
        {tiles.map(({ name, value }) => (
          <Paper key={name} className={classes.tile}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Paper>
        ))}
      </dl>
      <Paper p="md" mt="md">
        {ended === 0 ? (
          <Text c="dimmed" ta="center" py="xl">
            No mail was sent or failed in these days, so there is nothing to draw.
          </Text>
        ) : (
          <Suspense fallback={<Skeleton height={CHART_HEIGHT} />}>
            <DaysChart days={days} height={CHART_HEIGHT} />
          </Suspense>
        )}
        <Group justify="space-between" align="flex-start" mt="xs">
          <DaysTable days={days} />
          <Text c="dimmed" size="xs">
            Days in {timeZone}
          </Text>
        </Group>
      </Paper>
    </>
  )
}
